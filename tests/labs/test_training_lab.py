"""A lab that trains from several seeds: who has solved it when, what is kept of it, and what is drawn."""

import itertools

import numpy as np
import pytest

from helpers.lab import Slider
from helpers.labs.shared.tally import PALE, ROWS
from helpers.labs.shared.training import MEAN_OF, Runs, TrainingLab, said_of
from helpers.training import Step


class Falling(TrainingLab):
    """How soon does a loss that falls by itself fall?

    From 1, it falls to 0 at update 10 times the rate, in every third seed never.
    """

    rate = Slider(1, 9, step=1, default=2, label="rate")
    n_steps, chance, solved, top, widest = 120, 1.0, 0.5, 1.5, "rate 9"

    def setting(self):
        return f"rate {self.rate}"

    def train(self, seed):
        for step in itertools.count(1):
            loss = float(step < 10 * self.rate or seed % 3 == 0)
            yield Step(step, loss, 1 - loss, 1.0, False)


class Rising(Falling):
    """And if its accuracy is looked at?"""

    measure, solved = "accuracy", 0.75


def test_seed_counts_as_solved_by_its_mean():
    """From update 20 on the loss is 0: after 30 of them 11 of the last 20 are, which is more than half."""
    lab = Falling(rate=2, seeds=4)
    runs = lab.run()["runs"]
    assert runs.solved == {1: 30, 2: 30, 4: 30}
    assert runs.failed == (3,)
    assert len(runs.curves[1]) == 30
    assert len(runs.curves[3]) == 120
    assert lab.readout_text == "rate 2: Solved with 3 of 4 seeds, after 30 updates."


def test_an_accuracy_solves_it_from_above():
    """0.75 is passed when 16 of the last 20 are 1."""
    assert Rising(rate=2, seeds=1).run()["runs"].solved == {1: 35}


def test_it_is_not_solved_before_there_are_20():
    lab = Falling()
    assert not lab.is_solved([0.0] * (MEAN_OF - 1))
    assert lab.is_solved([0.0] * MEAN_OF)
    assert not lab.is_solved([0.5] * MEAN_OF)


def test_words_say_where_the_training_is():
    """They do so before a run and during it."""
    lab = Falling(rate=3, seeds=2)
    assert lab.readout_text == "rate 3: not run yet. Press Run."
    lab.run(12)
    assert lab.readout_text == "rate 3: loss with each seed after update 12: 1.00, 1.00."
    lab.seeds = 3
    assert lab.readout_text == "rate 3: run before; its curves are shown in pale. Press Run to repeat it."
    lab.run(60)
    said = "rate 3: Solved with 2 of 2 seeds, after 40 updates. One more seed has not finished."
    assert lab.readout_text == said


@pytest.mark.parametrize(
    ("solved", "failed", "going_on", "said"),
    [
        ({1: 30, 2: 40}, (), 0, "Solved with 2 of 2 seeds, after 30 to 40 updates."),
        ({1: 30}, (2, 3), 0, "Solved with 1 of 3 seeds, after 30 updates."),
        ({1: 30}, (), 0, "Solved with the one seed, after 30 updates."),
        ({}, (1,), 0, "Not solved with the one seed."),
        ({}, (1, 2), 2, "Not solved with any of 2 seeds. 2 more seeds have not finished."),
    ],
)
def test_the_tally_is_said_in_whole_sentences(solved, failed, going_on, said):
    curves = {seed: [1.0] for seed in range(len(solved) + len(failed) + going_on)}
    assert said_of(Runs(curves, solved, failed)) == said


def test_a_run_that_diverges_has_failed():
    class Exploding(Falling):
        """Does it burst?"""

        def train(self, seed):
            yield Step(1, 1e9, None, np.inf, True)

    assert Exploding(seeds=2).run()["runs"].failed == (1, 2)


def test_what_was_run_before_stays_pale():
    lab = Falling(seeds=1)
    for rate in (2, 3):
        lab.rate = rate
        lab.run()
    assert list(lab.kept) == ["rate 2", "rate 3"]
    curves = {row[0].get_alpha(): row[0] for row in lab._shown._rows if len(row[0].get_xdata())}
    assert set(curves) == {1, PALE}
    assert np.nanmax(curves[1].get_xdata()) == 40
    assert curves[1].get_color() != curves[PALE].get_color()
    lab.rate = 2  # and comes back to the front when its setting does
    (strong,) = [row[0] for row in lab._shown._rows if row[0].get_alpha() == 1]
    assert np.nanmax(strong.get_xdata()) == 30


def test_tally_marks_lie_under_the_updates():
    lab = Falling(seeds=6)
    lab.run()
    (row,) = [row for row in lab._shown._rows if row[3].get_text()]
    _, solved, failed, name, count = row
    assert (name.get_text(), count.get_text()) == ("rate 2", "4 of 6")
    np.testing.assert_array_equal(solved.get_xdata(), [30] * 4)
    assert len(failed.get_xdata()) == 2
    assert (np.diff(failed.get_xdata()) > 0).all()
    assert min(failed.get_xdata()) > lab.n_steps


def test_lab_keeps_as_many_settings_as_colours():
    lab = Falling(seeds=1)
    for rate in range(1, 10):
        lab.rate = rate
        lab.run()
    assert list(lab.kept) == [f"rate {rate}" for rate in range(10 - ROWS, 10)]
    names = [row[3].get_text() for row in lab._shown._rows]
    assert sorted(names) == list(lab.kept)
    rows = {row[3].get_text(): row[3].get_position()[1] for row in lab._shown._rows}
    assert rows["rate 9"] == 0  # the latest on top
    colours = {row[3].get_text(): row[0].get_color() for row in lab._shown._rows}
    lab.set(rate=8)
    lab.run()
    now = {row[3].get_text(): row[0].get_color() for row in lab._shown._rows}
    assert now == colours  # a setting keeps its colour


def test_a_seed_is_the_same_in_all_settings():
    """The base class asks for seeds 1, 2, 3, ...; what they draw is the subclass's."""
    asked = []

    class Asking(Falling):
        """Which seeds?"""

        def train(self, seed):
            asked.append((self.rate, seed))
            return super().train(seed)

    lab = Asking(seeds=3)
    lab.run(1)
    lab.rate = 5
    lab.run(1)
    assert asked == [(2, 1), (2, 2), (2, 3), (5, 1), (5, 2), (5, 3)]


@pytest.mark.parametrize("seeds", [1, 8])
def test_all_that_it_draws_is_in_the_picture(seeds):
    lab = Falling(seeds=seeds, rate=9)
    lab.run()
    lab.figure.draw_without_rendering()
    box = lab.figure.bbox
    for row in lab._shown._rows:
        for word in row[3:]:
            if word.get_text():
                extent = word.get_window_extent()
                assert box.x0 <= extent.x0, word
                assert extent.x1 <= box.x1, word
