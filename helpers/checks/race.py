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
        why="The sum has the variance 1/12 + 1/12. Whoever remembers nothing can hardly do better.",
        mistakes=[
            (1 / 12, "That is the variance of one of the two numbers."),
            (1 / 36, "Variances of independent numbers add up."),
            (np.sqrt(1 / 6), "That is the root of it; the mean squared error is asked for."),
            (1 / 3, "That is the mean square of one number, from 0; how far is the sum from 1?"),
            (7 / 6, "That is the mean square of the sum, from 0; how far is it from 1?"),
        ],
    )


# A start ---------------------------------------------------------------------------------------------

T, H, SEEDS, UPDATES, ENOUGH = 120, 16, (1, 2, 3), 300, 2
EVERY, SOLVED = 10, 0.96


@exercise("Set biases of the LSTM you are given, and return it.", patience=6)
def check_start(function):
    """Biases with which temporal order at T = 120 is solved within 300 updates."""
    with computing():  # one thread: for matrices so small two are slower
        times = [_updates(function, seed) for seed in SEEDS]
    if None in times:
        return not_yet(
            "Return the LSTM that you were given, with finite biases and its weights as they were."
        )
    solved = sorted(time for time in times if time)
    said = f"Solved from {len(solved)} of {len(SEEDS)} seeds within {UPDATES} updates"
    if len(solved) >= ENOUGH:
        return right(
            f"{said}, after {solved[0]} to {solved[-1]}. Long keeping, and a start that can be heard."
        )
    return not_yet(
        f"{said}. How much of the first mark is left when the answer is due, and how much noise lies upon it?"
    )


def _updates(function, seed):
    """After how many updates it is solved, 0 if not within those allowed; None if it is no such LSTM."""
    given = _given(seed)
    cell = call(function, given)
    if type(cell) is not LSTM or not all(_same_kind(cell, given, name) for name in "WUb"):
        return None
    if not (np.array_equal(cell.W, given.W) and np.array_equal(cell.U, given.U)):
        return None
    return _solved_after(seed, np.asarray(cell.b, np.float32).tobytes())


def _given(seed):
    """The LSTM whose biases are to be set."""
    rng = np.random.default_rng(seed)
    return LSTM(TemporalOrder(T).D, H, rng=rng, init="orthogonal", dtype=np.float32)


@functools.lru_cache(maxsize=64)  # whoever runs the cell again with the same biases need not wait again
def _solved_after(seed, b):
    """The number of updates with these biases (the bytes of an array), 0 if not within those allowed."""
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


# What was measured -----------------------------------------------------------------------------------


@exercise("At which task and length does the plain RNN win? Write the two as texts.")
def check_rnn_wins(task, length):
    """A task and a length at which the RNN solves it from all seeds, and sooner than all others."""
    lanes = _measured(task, length)
    times = lanes.pop("RNN")
    if not all(times):
        return not_yet(f"There the RNN solves it from {sum(map(bool, times))} of {len(times)} seeds.")
    needed = {name: np.median([t or np.inf for t in own]) for name, own in lanes.items()}
    best, median = min(needed, key=needed.get), np.median(times)
    if needed[best] < 2 * median:
        said = (
            f"There the RNN needs {median:.0f} updates, as a median over seeds, and {best} {needed[best]:.0f}"
        )
        return not_yet(f"{said}. Find one where all others need at least twice as many.")
    return right(
        f"The RNN needs {median:.0f} updates, as a median over {len(times)} seeds; the next, {best}, "
        f"{needed[best]:.0f}. A short memory is enough here, and there are no gates to be learnt first."
    )


@exercise("Which lane alone solves which task at which length? Write the three as texts.")
def check_only_one(task, length, lane):
    """A task and a length that one of three lanes, all of different cells, solves, and the others never."""
    lane = _one_of(THREE, lane, "lane")
    lanes = _measured(task, length)
    counts = {name: sum(map(bool, lanes[name])) for name in THREE}
    if counts[lane] < len(lanes[lane]):
        return not_yet(f"There {lane} solves it from {counts[lane]} of {len(lanes[lane])} seeds.")
    for name, count in counts.items():
        if name != lane and count:
            return not_yet(f"There {name} solves it too, from {count} of {len(lanes[name])} seeds.")
    return right(
        f"From {counts[lane]} of {len(lanes[lane])} seeds, and the two others from none. Mind what that "
        "says: not within 600 updates, from these starts, at this learning rate."
    )


THREE = ("RNN", "LSTM, keep long", "GRU")


def _measured(task, length):
    """Of each lane the updates of its seeds, 0 where it was not solved."""
    rows = [row for row in data.load_race() if row["H"] < 64]  # 64: the digits that were learnt apart
    task, length = (
        _one_of(sorted({row[name] for row in rows}), value, name)
        for name, value in (("task", task), ("length", length))
    )
    lanes = {}
    for row in rows:
        if (row["task"], row["length"]) == (task, length):
            lanes.setdefault(row["lane"], []).append(row["updates"])
    if not lanes:
        raise Refused(f"{task} was measured at the length 'short' only: its strings are as long as they are.")
    return lanes


def _one_of(known, answer, name):
    """A name that is known, from the same with blanks around it or in other letters."""
    said = answer.strip(" .").casefold() if type(answer) is str else ""
    for one in known:
        if one.casefold() == said:
            return one
    raise Refused(f"The {name} is to be one of {', '.join(map(repr, known))}.")


# Forecasts -------------------------------------------------------------------------------------------


@exercise("Why does the forecast of the random walk copy? Write one letter.")
def check_copies(answer):
    """C: the last number is the best forecast there is."""
    letter = as_letter(answer, "ABCD")
    if letter == "C":
        return right(
            "All that is new in a random walk comes after the forecast. Who copies makes the smallest error "
            "that can be made, and learning finds it. So a copy may be the best there is: compare the errors."
        )
    return not_yet(
        {
            "A": "The same network, of the same size, does not copy on the sunspots.",
            "B": "Let it learn on: it does not leave the copy, and its error does not fall.",
            "D": "It could use what it remembers, as on the sunspots. What would there be to use?",
        }[letter]
    )


@exercise("How far off is the copy two steps ahead, root mean square? Write a number.")
def check_two_ahead(answer):
    """The root of twice the variance of a step of 0.3."""
    return judge_number(
        answer,
        0.3 * np.sqrt(2),
        near=0.02,  # two digits are enough
        why="Two independent steps: their variances add up. After n steps it is 0.3 times the root of n.",
        mistakes=[
            (0.3, "That is how far off it is one step ahead."),
            (0.6, "The two steps may go in opposite directions; it is their variances that add up."),
            (0.18, "That is the mean square; take the root."),
            (0.09, "That is the mean square one step ahead."),
        ],
    )
