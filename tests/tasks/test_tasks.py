"""The tasks: each batch is what its docstring says, and each baseline is what the best answer gets."""

import math
from itertools import islice

import numpy as np
import pytest

from helpers.english.agreement import Agreement
from helpers.tasks import (
    Adding,
    Copy,
    Digits,
    EmbeddedReber,
    NextCharacter,
    Parity,
    RandomWalk,
    SpokenDigits,
    Sunspots,
    TemporalOrder,
)
from helpers.tasks.reber import GRAMMAR, SYMBOLS, choices_and_steps, embedded_reber, reber

TASKS = [
    Adding(30),
    Agreement(30),
    TemporalOrder(30),
    Copy(5),
    EmbeddedReber(),
    Parity(30),
    Digits(32),
    NextCharacter(30),
    SpokenDigits(30),
    Sunspots(30),
    RandomWalk(30),
]
ids = [type(task).__name__ for task in TASKS]


@pytest.mark.parametrize("task", TASKS, ids=ids)
def test_a_batch_is_set_by_its_rng(task):
    first, again = (task.batch(np.random.default_rng(3), 4) for _ in range(2))
    other = task.batch(np.random.default_rng(4), 4)
    assert (first.x == again.x).all()
    assert (first.target == again.target).all()
    assert first.x.shape != other.x.shape or (first.x != other.x).any()


@pytest.mark.parametrize("task", TASKS, ids=ids)
def test_batches_go_on_from_one_rng(task):
    rng = np.random.default_rng(5)
    expected = [task.batch(rng, 8) for _ in range(3)]
    found = list(islice(task.batches(np.random.default_rng(5), 8), 3))
    for a, b in zip(found, expected, strict=True):
        assert (a.x == b.x).all()
        assert (a.target == b.target).all()
    assert found[0].x.shape != found[1].x.shape or (found[0].x != found[1].x).any()


@pytest.mark.parametrize("task", TASKS, ids=ids)
def test_the_shapes(task):
    batch = task.batch(np.random.default_rng(0), 7)
    T, D, B = batch.x.shape
    assert (D, B) == (task.D, 7)
    kinds = {"mse": (task.K, B), "cross_entropy": (B,)}
    assert batch.target.shape == (T,) * task.every_step + kinds[task.loss]
    assert {np.shape(w) for w in (batch.weight, batch.asked)} <= {(), (T, B)}
    if task.loss == "cross_entropy":
        assert batch.target.min() >= 0
        assert batch.target.max() < task.K
    if hasattr(task, "T"):
        assert task.T == T


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Adding(1), "T must be 2 or more; got 1"),
        (lambda: TemporalOrder(1), "T must be 2 or more; got 1"),
        (lambda: Copy(0), "delay must be a whole number of 1 or more; got 0"),
        (lambda: Adding(2.5), "T must be a whole number of 1 or more; got 2.5"),
        (lambda: Adding(10).batch(0, 0), "B must be a whole number of 1 or more; got 0"),
        (lambda: EmbeddedReber().batch("seed", 2), "rng must be a NumPy Generator"),
    ],
)
def test_what_a_task_does_not_take(make, said):
    with pytest.raises(ValueError, match=said):
        make()


# Adding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [2, 3, 30])
def test_adding_marks_one_number_in_each_half(T):
    batch = Adding(T).batch(np.random.default_rng(1), 200)
    numbers, marks = batch.x[:, 0], batch.x[:, 1]
    assert (marks[: T // 2].sum(0) == 1).all()
    assert (marks[T // 2 :].sum(0) == 1).all()
    np.testing.assert_allclose(batch.target[0], (numbers * marks).sum(0))
    assert marks.any(axis=1).all()  # every step is marked at times


def test_always_answering_1_has_the_adding_baseline():
    """The variance of a uniform number is 1/12; the mean of n squares strays by less than 4 sigma."""
    task, n = Adding(4), 200_000
    batch = task.batch(np.random.default_rng(2), n)
    off = (1 - batch.target) ** 2
    assert task.baseline == pytest.approx(1 / 12 + 1 / 12)
    assert off.mean() == pytest.approx(task.baseline, abs=4 * off.std() / math.sqrt(n))
    one = np.ones((1, n))
    assert task.accuracy(one, batch) == pytest.approx(task.chance, abs=4 * math.sqrt(0.08 / n))
    assert task.accuracy(batch.target, batch) == 1


# Temporal order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [2, 3, 7, 30, 100])
def test_temporal_order_symbols_are_where_they_belong(T):
    batch = TemporalOrder(T).batch(np.random.default_rng(1), 300)
    assert (batch.x.sum(axis=1) == 1).all()
    symbols = batch.x.argmax(axis=1)
    for b in range(300):
        first, second = np.flatnonzero(symbols[:, b] >= 4)
        assert T // 10 <= first <= T // 5 < T // 2 <= second <= 6 * T // 10 or T < 5
        assert batch.target[b] == 2 * (symbols[first, b] == 5) + (symbols[second, b] == 5)


def test_shortest_window_for_T_30_has_12_steps():
    """The second symbol comes at step 19 at the latest (counted from 1): 12 steps are 19 to 30."""
    symbols = TemporalOrder(30).batch(np.random.default_rng(4), 500).x.argmax(axis=1)
    assert (symbols[-11:] < 4).all()
    assert (symbols[-12] >= 4).any()


def test_the_classes_of_temporal_order_are_equally_likely():
    task, n = TemporalOrder(10), 100_000
    target = task.batch(np.random.default_rng(2), n).target
    shares = np.bincount(target, minlength=4) / n
    assert shares == pytest.approx(np.full(4, task.chance), abs=4 * math.sqrt(3 / 16 / n))
    assert task.baseline == pytest.approx(-(shares * np.log(shares)).sum(), abs=1e-3)
    assert task.baseline == pytest.approx(1.386, abs=5e-4)


# Copy -----------------------------------------------------------------------------------------------


def test_copy_asks_for_what_it_showed():
    task = Copy(7)
    batch = task.batch(np.random.default_rng(1), 50)
    symbols = batch.x.argmax(axis=1)
    assert task.T == len(symbols) == 27
    assert (symbols[:10] == batch.target[-10:]).all()
    assert (symbols[10:16] == task.BLANK).all()
    assert (symbols[16] == task.SIGN).all()  # 7 steps after the last symbol, symbols[9]
    assert (symbols[17:] == task.BLANK).all()
    assert (batch.target[:-10] == task.BLANK).all()


def test_copy_without_memory_has_the_baseline():
    """One who is sure of the blanks and says 1/8 for each symbol, scored on the generator's batches."""
    task = Copy(100)
    target = task.batch(np.random.default_rng(2), 5).target
    likely = np.where(target == task.BLANK, 1.0, 1 / 8)
    assert -np.log(likely).mean() == pytest.approx(task.baseline)
    assert task.baseline == pytest.approx(10 * math.log(8) / 120)
    assert task.baseline == pytest.approx(0.1733, abs=5e-5)


def test_copy_symbols_are_equally_likely_and_independent():
    n = 20_000
    words = Copy(1).batch(np.random.default_rng(3), n).target[-10:]
    assert words.max() == 7
    for pair in (words[0] * 8 + words[1], words[3] * 8 + words[9]):
        shares = np.bincount(pair, minlength=64) / n
        assert shares == pytest.approx(np.full(64, 1 / 64), abs=5 * math.sqrt(1 / 64 / n))


# Embedded Reber -------------------------------------------------------------------------------------


def legal(string):
    """Whether Reber's grammar can make a string."""
    node = 0
    for symbol in string:
        if symbol not in GRAMMAR.get(node, {}):
            return False
        node = GRAMMAR[node][symbol]
    return node == 7


def test_the_grammar_is_rebers():
    """Strings of the grammar as printed in the literature, and strings that break it."""
    for string in ("BTXSE", "BPVVE", "BTSXSE", "BTSSXXTVVE", "BPTVPXVVE", "BTXXTTVVE", "BPVPXTTVVE"):
        assert legal(string), string
    for string in ("BTVVE", "BPSXSE", "BTXSVE", "BTXS", "TXSE"):
        assert not legal(string), string
    rng = np.random.default_rng(0)
    assert all(legal(reber(rng)) for _ in range(100))


def test_the_last_but_one_repeats_the_second():
    rng = np.random.default_rng(1)
    strings = [embedded_reber(rng) for _ in range(400)]
    assert all(s[0] == "B" and s[-1] == "E" and s[1] == s[-2] and legal(s[2:-2]) for s in strings)
    assert 150 < sum(s[1] == "T" for s in strings) < 250


def test_a_reber_batch_asks_for_the_next_symbol():
    batch = EmbeddedReber().batch(np.random.default_rng(2), 40)
    for b in range(40):
        n = int(batch.weight[:, b].sum())
        seen = "".join(SYMBOLS[k] for k in batch.x[:n, :, b].argmax(axis=1))
        said = "".join(SYMBOLS[k] for k in batch.target[:n, b])
        assert seen[1:] == said[:-1]
        assert legal((seen + "E")[2:-2])
        assert np.flatnonzero(batch.asked[:, b]) == n - 2
        assert said[n - 2] == seen[1]
        assert (batch.x[n:, :, b] == 0).all()
        assert (batch.weight[:n, b] == 1).all()


def test_reber_baselines_are_those_of_two_readers():
    """Both know the grammar and are scored on many strings, one with the second symbol in mind."""
    rng, n = np.random.default_rng(3), 20_000
    choices = np.empty(n)
    steps = np.empty(n)
    for k in range(n):
        string, node, choices[k] = reber(rng), 0, 0
        for symbol in string:
            choices[k] += len(GRAMMAR[node]) == 2
            node = GRAMMAR[node][symbol]
        steps[k] = len(string)
    for found, exact in zip((choices, steps), choices_and_steps(), strict=True):
        assert found.mean() == pytest.approx(exact, abs=4 * found.std() / math.sqrt(n))
    task = EmbeddedReber()
    assert task.best == pytest.approx(math.log(2) * (choices.mean() + 1) / (steps.mean() + 3), rel=0.01)
    assert task.baseline - task.best == pytest.approx(math.log(2) / (steps.mean() + 3), rel=0.01)
    assert task.best < task.solved < task.baseline


def test_grammar_alone_guesses_half_the_time():
    task = EmbeddedReber()
    batch = task.batch(np.random.default_rng(4), 4000)
    y = np.zeros((*batch.target.shape[:1], task.K, 4000))
    y[:, SYMBOLS.index("T")] = 1
    assert task.accuracy(y, batch) == pytest.approx(task.chance, abs=4 * 0.5 / math.sqrt(4000))
