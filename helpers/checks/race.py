"""Checks of the lesson on the memory race."""

import functools

import numpy as np

from helpers.checks import Refused, as_letter, call, exercise, judge_number, not_yet, right
from helpers.engine.cells import LSTM
from helpers.engine.one_thread import computing
from helpers.tasks import TemporalOrder, data
from helpers.training import Adam, Model, Readout, cross_entropy, fit


@exercise("What is the mean squared error of always answering 1? Write a number.")
def check_baseline(answer):
    """Adding: the variance of the sum of two uniform numbers."""
    return judge_number(
        answer,
        1 / 6,
        near=0.03,  # two digits are enough
        why="The sum has the variance 1/12 + 1/12. Without memory there is hardly a better answer.",
        mistakes=[
            (1 / 12, "That is the variance of one of the two numbers."),
            (1 / 36, "Variances of independent numbers add up."),
            (np.sqrt(1 / 6), "That is the root; the mean squared error is asked for."),
            (1 / 3, "That is the mean square of one number. How far is the sum from 1?"),
            (7 / 6, "That is the mean square of the sum itself. How far is the sum from 1?"),
        ],
    )


# A start ---------------------------------------------------------------------------------------------

T, H, SEEDS, UPDATES, ENOUGH = 120, 16, (1, 2, 3), 300, 2
EVERY, SOLVED = 10, 0.96


@exercise("Set biases of the LSTM you are given, and return it.", patience=6)
def check_start(function):
    """Biases with which an LSTM solves temporal order at T = 120 within 300 updates."""
    with computing():  # one thread: for matrices so small two are slower
        times = [_updates(function, seed) for seed in SEEDS]
    if None in times:
        return not_yet(
            "Return the LSTM that you were given, with finite biases and with its weights unchanged."
        )
    solved = sorted(time for time in times if time)
    found = {
        "n": len(solved),
        "seeds": len(SEEDS),
        "first": min(solved, default=0),
        "last": max(solved, default=0),
        "most": UPDATES,
    }
    if len(solved) >= ENOUGH:
        return right(START_WORKS.format(**found))
    return not_yet(START_FAILS.format(**found))


START_WORKS = (
    "Solved with {n} of {seeds} seeds, after {first} to {last} updates. The cell keeps for long, and so "
    "little noise is written that the mark still stands out in it."
)
START_FAILS = (
    "Solved with {n} of {seeds} seeds within {most} updates. How much of the first mark is left when the "
    "answer is due, and how much noise has been added to it?"
)


def _updates(function, seed):
    """After how many updates the task is solved, 0 if not within `UPDATES`; None if this is no such LSTM."""
    given = _given(seed)
    cell = call(function, given)
    if type(cell) is not LSTM or not all(_same_kind(cell, given, name) for name in "WUb"):
        return None
    if not (np.array_equal(cell.W, given.W) and np.array_equal(cell.U, given.U)):
        return None
    return _solved_after(seed, np.asarray(cell.b, np.float32).tobytes())


def _given(seed):
    """The LSTM whose biases the learner sets."""
    rng = np.random.default_rng(seed)
    return LSTM(TemporalOrder(T).D, H, rng=rng, init="orthogonal", dtype=np.float32)


@functools.lru_cache(maxsize=64)  # the cell run again with the same biases need not train again
def _solved_after(seed, b):
    """The number of updates with these biases (the bytes of an array), 0 if not within `UPDATES`."""
    task, cell = TemporalOrder(T), _given(seed)
    cell.b[...] = np.frombuffer(b, np.float32).reshape(cell.b.shape)
    model = Model(cell, Readout(H, task.K, rng=np.random.default_rng(seed), dtype=np.float32))
    judged = task.batch(np.random.default_rng(10**6), 200)
    batches = task.batches(np.random.default_rng(seed))
    for step in fit(model, batches, cross_entropy, Adam(0.01)):
        if step.diverged:
            return 0
        if step.step % EVERY == 0 and task.accuracy(model.forward(judged.x)[1], judged) > SOLVED:
            return step.step
        if step.step == UPDATES:
            return 0
    return 0


def _same_kind(cell, given, name):
    """Whether a parameter is still an array of finite numbers of its shape."""
    value, old = getattr(cell, name), getattr(given, name)
    kind = type(value) is np.ndarray and (value.shape, value.dtype) == (old.shape, old.dtype)
    return kind and np.isfinite(value).all()


# Bets on what was measured ------------------------------------------------------------------------------

RNN_LANE, KEEP, GRU_LANE = "RNN", "LSTM, keep long", "GRU"
SOLVERS = {
    "A": {RNN_LANE, KEEP, GRU_LANE},
    "B": {KEEP, GRU_LANE},
    "C": {KEEP},
    "D": {RNN_LANE, GRU_LANE},
}
"""Of each letter of the exercise, the lanes that solve the task with all five seeds."""
MEASURED = (
    "Of five seeds the RNN solves {task} with {rnn}, “LSTM, keep long” with {keep} and the GRU with {gru}."
)
WHY = {
    "adding": "A plain RNN mixes each new number into its state, and so spoils the one that it should hold.",
    "temporal order": "Of these lanes only “keep long” starts with gates that stay open for so many steps.",
    "agreement": "Much depends on the last word, and at this learning rate an LSTM that writes little is "
    "slow to learn what it says.",
}
WON = "You win all three bets. {adding} {temporal_order} {agreement}"
LOST = "You lose the bet on {task}. {measured} {why}"


@exercise("Who solves each of the three tasks with all five seeds? Write one letter for each.")
def check_bets(adding, temporal_order, agreement):
    """Which of three lanes solve which of three tasks at their long length, against the table."""
    bets = {"adding": adding, "temporal order": temporal_order, "agreement": agreement}
    letters = {task: as_letter(letter, "".join(SOLVERS)) for task, letter in bets.items()}
    for task, letter in letters.items():
        lanes = _measured(task, "long")
        counts = {name: sum(map(bool, own)) for name, own in lanes.items()}
        sure = {name for name in SOLVERS["A"] if counts[name] == len(lanes[name])}
        if SOLVERS[letter] != sure:
            found = {"rnn": counts[RNN_LANE], "keep": counts[KEEP], "gru": counts[GRU_LANE]}
            return not_yet(
                LOST.format(task=task, measured=MEASURED.format(task=task, **found), why=WHY[task])
            )
    return right(WON.format(**{task.replace(" ", "_"): why for task, why in WHY.items()}))


RNN_FAILS = "The RNN solves {task} with {n} of five seeds, at the middle length."
RNN_IS_SLOWER = (
    "At the middle length the RNN needs {rnn} updates for {task}, as a median over the seeds, and “{other}” "
    "needs {needed}. Every other lane should need at least twice as many."
)
RNN_WINS = (
    "At the middle length the RNN needs {rnn} updates, as a median over five seeds. The next lane, "
    "“{other}”, needs {needed}. The last few years are enough here, so gates have little to add."
)


@exercise("Which task does the plain RNN win? Write its name in quotes.")
def check_rnn_wins(task):
    """A task that the RNN solves with all seeds, in at most half the updates of any other lane."""
    task = _one_of(sorted({row["task"] for row in data.load_race()}), task)
    lanes = _measured(task, "middle") or _measured(task, "short")
    solved, medians = lanes[RNN_LANE], {name: _median(own) for name, own in lanes.items()}
    if not all(solved):
        return not_yet(RNN_FAILS.format(task=task, n=sum(map(bool, solved))))
    rnn = medians.pop(RNN_LANE)
    other = min(medians, key=medians.get)
    needed = {"task": task, "rnn": f"{rnn:.0f}", "other": other, "needed": f"{medians[other]:.0f}"}
    if medians[other] < 2 * rnn:
        return not_yet(RNN_IS_SLOWER.format(**needed))
    return right(RNN_WINS.format(**needed))


def _median(own):
    """The median of the updates; a seed that did not solve the task counts as never."""
    return np.median([updates or np.inf for updates in own])


def _measured(task, length):
    """Of each lane the updates of its seeds in the race, 0 where the task was not solved."""
    lanes = {}
    for row in data.load_race():
        # The digits that were learnt with 64 units, and what was raced at other rates, stand apart.
        if row["H"] < 64 and (row["task"], row["length"], row["lr"]) == (task, length, 0.01):
            lanes.setdefault(row["lane"], []).append(row["updates"])
    return lanes


def _one_of(known, answer):
    """The name of a task, from the same with blanks around it or in other letters."""
    said = answer.strip(" .").casefold() if type(answer) is str else ""
    for one in known:
        if one.casefold() == said:
            return one
    raise Refused(f"The name of a task is expected, one of {', '.join(map(repr, known))}.")


# Forecasts -------------------------------------------------------------------------------------------


@exercise("Why does the forecast of the random walk copy? Write one letter.")
def check_copies(answer):
    """C: the last number is the best forecast there is."""
    letter = as_letter(answer, "ABCD")
    return right(WHY_IT_COPIES["C"]) if letter == "C" else not_yet(WHY_IT_COPIES[letter])


WHY_IT_COPIES = {
    "A": "A network of the same size does better than the copy on the sunspots.",
    "B": "Watch the error while the network learns: it comes down to the copy's and stays there.",
    "C": "Each step of the walk is drawn after the forecast. Copying makes the smallest possible error, and "
    "that is what the network learns. So a copy can be the best there is: compare the errors.",
    "D": "It could use what it remembers, as it does on the sunspots. What in the past would help?",
}


@exercise("How far off is the copy two steps ahead, root mean square? Write a number.")
def check_two_ahead(answer):
    """The root of twice the variance of a step of 0.3."""
    return judge_number(
        answer,
        0.3 * np.sqrt(2),
        near=0.02,  # two digits are enough
        why="The steps are independent, so their variances add up. After n steps the error is 0.3 √n.",
        mistakes=[
            (0.3, "That is the error one step ahead."),
            (0.6, "You added the two errors; the steps may go in opposite directions. Add their variances."),
            (0.18, "That is the mean square; take the root."),
            (0.09, "That is the mean square one step ahead."),
        ],
    )
