"""Parity, and the tasks made of the sequences in data/: what is asked, what is held out, the line to beat."""

import math
from itertools import pairwise

import numpy as np
import pytest

from helpers.tasks import Digits, NextCharacter, Parity, RandomWalk, SpokenDigits, Sunspots, data
from helpers.training import cross_entropy, mse

TEXT = "the cat sat on the mat and the dog sat on the log. " * 8


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Parity(1), "T must be 2 or more; got 1"),
        (lambda: Digits(63), "T must be one of 64, 32, 16, 8; got 63"),
        (lambda: NextCharacter(1), "T must be 2 or more; got 1"),
        (lambda: NextCharacter(10, ""), "text must be a string with something in it; got ''"),
        (lambda: NextCharacter(10, " \n"), "text must be a string with something in it; got"),
        (lambda: NextCharacter(10, b"abc"), "text must be a string with something in it; got b'abc'"),
        (
            lambda: NextCharacter(100, TEXT),
            "T must be at most 60 for this text of 408 .* got 100",
        ),
        (lambda: NextCharacter(2, "a"), "T must be at most 0 for this text of 1 characters"),
        (lambda: SpokenDigits(9), "T must be 10 or more; got 9"),
        (lambda: Sunspots(10), "T must be 11 or more; got 10"),
        (lambda: Sunspots(221), "T must be at most 220, the years before 1921; got 221"),
    ],
)
def test_what_a_task_does_not_take(make, said):
    with pytest.raises(ValueError, match=said):
        make()


# Parity ---------------------------------------------------------------------------------------------


def test_parity_counts_the_ones():
    batch = Parity(9).batch(np.random.default_rng(1), 300)
    assert set(np.unique(batch.x)) == {-1, 1}
    for b in range(0, 300, 50):
        bits = [int(x > 0) for x in batch.x[:, 0, b]]
        assert [sum(bits[: t + 1]) % 2 for t in range(9)] == list(batch.target[:, b])
    assert batch.asked.sum(axis=0).tolist() == [1] * 300
    assert batch.asked[-1].all()


def test_present_bit_alone_gives_the_parity_baseline():
    """After each of the two bits, both answers are equally likely at every step but the first."""
    n, batch = 100_000, Parity(4).batch(np.random.default_rng(2), 100_000)
    for t in range(1, 4):
        for bit in (-1, 1):
            odd = batch.target[t][batch.x[t, 0] == bit].mean()
            assert odd == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(n / 2))
    assert (batch.target[0] == (batch.x[0, 0] > 0)).all()
    assert Parity(4).baseline == pytest.approx(3 / 4 * math.log(2))


# Digits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [64, 32, 16, 8])
def test_digits_are_read_from_the_top_left(T):
    """They are read from left to right and from top to bottom."""
    images, labels = data.load_digits()
    batch = Digits(T).held_out(np.random.default_rng(0), 397)
    found = {(tuple(x), int(k)) for x, k in zip(batch.x.reshape(64, 397).T, batch.target, strict=True)}
    last = {(tuple(i.ravel() / 16), int(k)) for i, k in zip(images[1400:], labels[1400:], strict=True)}
    assert found == last


def test_no_image_is_learnt_from_and_held_out():
    images = data.load_digits()[0]
    learnt = {tuple(i.ravel() / 16) for i in images[:1400]}
    batch = Digits().batch(np.random.default_rng(0), 3000)
    assert {tuple(x) for x in batch.x[:, 0].T} <= learnt
    assert Digits().held_out(0, 100).x.shape == (64, 1, 100)


def test_digits_baseline_is_that_of_label_shares():
    labels = data.load_digits()[1].astype(int)
    y = np.log(np.bincount(labels) / 1797)[:, None].repeat(1797, axis=1)
    assert Digits().baseline == pytest.approx(cross_entropy(y, labels)[0])
    assert Digits().baseline == pytest.approx(math.log(10), abs=2e-4)
    assert Digits().chance == pytest.approx(max(np.bincount(labels)) / 1797)


# Text -----------------------------------------------------------------------------------------------


def test_text_asks_for_the_next_character():
    task = NextCharacter(20)
    batch = task.batch(np.random.default_rng(1), 30)
    for b in range(30):
        seen = data.decode(batch.x[:, :, b], task.alphabet)
        said = "".join(task.alphabet[k] for k in batch.target[:, b])
        assert seen[1:] == said[:-1]
        assert seen + said[-1] in data.load_text()[:2117]


def test_end_of_the_text_is_held_out():
    """It is never learnt from."""
    task = NextCharacter(20, TEXT)
    learnt, held = task.codes
    assert len(learnt) + len(held) == len(TEXT)
    assert len(held) == pytest.approx(0.15 * len(TEXT), abs=1)
    batch = task.held_out(np.random.default_rng(0), 100)
    assert batch.x.shape[2] == (len(held) - 1) // 20
    said = "".join(task.alphabet[k] for k in batch.target.T.ravel())
    assert said == TEXT[len(learnt) + 1 :][: len(said)]


def test_bigram_score_agrees_with_one_by_hand():
    """Learnt from abababababababababab and one a: ab comes 8 times, ba 8 times; held out is aba."""
    task = NextCharacter(2, "ab" * 10)
    assert len(task.codes[0]) == 17
    assert task.baseline == pytest.approx(-math.log(9 / 10))
    assert task.chance == 1


def test_the_bigram_of_the_projects_text():
    task = NextCharacter()
    text, cut = data.load_text(), 2116
    counts = {c: dict.fromkeys(sorted(set(text)), 1) for c in set(text)}
    for a, b in pairwise(text[:cut]):
        counts[a][b] += 1
    nats = [-math.log(counts[a][b] / sum(counts[a].values())) for a, b in pairwise(text[cut:])]
    assert task.baseline == pytest.approx(np.mean(nats))
    assert f"{task.baseline:.2f}" == "2.47"
    assert task.solved == task.baseline


# Speech ---------------------------------------------------------------------------------------------


def test_spoken_digits_differ_and_fit_their_sequence():
    task = SpokenDigits(50)
    batch = task.batch(np.random.default_rng(1), 400)
    assert len({x.tobytes() for x in batch.x.transpose(2, 0, 1)}) == 400
    assert np.abs(batch.x).max() < 5
    assert np.bincount(batch.target, minlength=10).min() > 15
    loud = batch.x.max(axis=1) > 0.8
    assert loud.sum(axis=0).min() >= 10  # each is heard ...
    edges = loud[0].mean(), loud[-1].mean()
    assert max(edges) < 0.2  # ... and begins after the start and ends before the end, nearly always


def test_spoken_digits_are_the_recordings():
    """The mean over time of the bands, without noise, is nearest to the one of its own recording."""
    from helpers.tasks import sound

    batch = SpokenDigits(50).batch(np.random.default_rng(2), 200)
    means = []
    for samples, rate in data.load_speech().values():
        energy = np.exp(sound.spectrum(samples, rate)[:, :, 0]).mean(axis=0)
        means.append(np.log(energy / energy.sum()))
    found = np.exp(4 * batch.x).mean(axis=0) - 1  # noise has a mean of 1 in this measure
    found = np.log(np.maximum(found / found.sum(axis=0), 1e-4))
    off = ((found[None] - np.array(means)[:, :, None]) ** 2).sum(axis=1)
    assert (off.argmin(axis=0) == batch.target).mean() > 0.8


# Sunspots -------------------------------------------------------------------------------------------


def test_held_out_are_the_years_from_1921_on():
    years, numbers = data.load_sunspots()
    batch = Sunspots().held_out()
    asked = batch.target[:, 0, 0][batch.weight[:, 0] > 0] * 100
    np.testing.assert_allclose(asked, numbers[years >= 1921])
    np.testing.assert_allclose(batch.x[1:, 0, 0], batch.target[:-1, 0, 0])


def test_the_naive_forecast_has_the_baseline():
    batch, task = Sunspots().held_out(), Sunspots()
    assert mse(batch.x, batch.target, batch.weight)[0] == pytest.approx(task.baseline)
    assert task.accuracy(batch.x, batch) == task.chance == 0
    assert task.accuracy(batch.target, batch) == pytest.approx(1, abs=0.02)  # two years in a row may be equal
    assert f"{100 * math.sqrt(task.baseline):.1f}" == "30.4"  # sunspots


@pytest.mark.parametrize("T", [11, 60, 220])
def test_no_year_from_1921_on_is_learnt_from(T):
    numbers = data.load_sunspots()[1]
    batch = Sunspots(T).batch(np.random.default_rng(0), 500)
    row = np.concatenate([batch.x[:, 0], batch.target[-1:, 0]])
    windows = np.lib.stride_tricks.sliding_window_view(numbers, T + 1)
    starts = np.array([np.isclose(windows, 100 * piece).all(axis=1).argmax() for piece in row.T])
    np.testing.assert_allclose(windows[starts], 100 * row.T)
    assert 0 <= starts.min() <= starts.max() == 220 - T


def test_last_number_is_best_in_a_random_walk():
    """Naive has the variance of a step; a line through two numbers, fitted to the very walks, no less."""
    task = RandomWalk(200)
    batch = task.batch(np.random.default_rng(1), 100)
    n = int(batch.weight.sum())
    steps = (batch.target - batch.x)[10:]
    assert mse(batch.x, batch.target, batch.weight)[0] == pytest.approx((steps**2).mean())
    assert (steps**2).mean() == pytest.approx(task.baseline, rel=4 * math.sqrt(2 / n))
    x, before, y = batch.x[10:].ravel(), batch.x[9:-1].ravel(), batch.target[10:].ravel()
    w, *_ = np.linalg.lstsq(np.column_stack([x, before]), y)
    assert w == pytest.approx([1, 0], abs=0.05)
    assert task.best == task.baseline
    assert batch.x[0].std() == pytest.approx(1, abs=0.3)
    with pytest.raises(ValueError, match="T must be 11 or more"):
        RandomWalk(10)
