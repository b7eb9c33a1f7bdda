"""What lesson 4 says of cliffs and clipping."""

import numpy as np
import pytest

from helpers.checks import clipping as checks
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.labs.clipping.cliff import Cliff, descend
from helpers.labs.clipping.edge import H_0, TARGET, Edge
from tests.lessons.lesson import assert_inside, says, solution_of, stored_text

NOTEBOOK = "04_clipping_truncation"


def end(U, b):
    """Where the unit is after 20 steps, by plain arithmetic."""
    h = -0.5
    for _ in range(20):
        h = np.tanh(U * h + b)
    return h


def slope(f, at, eps=1e-6):
    return (f(at + eps) - f(at - eps)) / (2 * eps)


class TestEdge:
    def test_numbers_in_the_text(self):
        ends = {0.05: "−0.688", 0.1: "−0.508", 0.11: "−0.267", 0.12: "0.678", 0.13: "0.836"}
        for b, written in ends.items():
            says(Edge(b=b), f"ends at {written}")
            assert f"{end(1.3, b):.3f}".replace("-", "−") == written
        says(Edge(), "slope −4.0 along b")
        says(Edge(b=0.11), "slope −77.5 along b")
        says(Edge(b=0.13), "slope 1.2 along b")
        assert 5 < (end(1.3, 0.12) - end(1.3, 0.11)) / (end(1.3, 0.1) - end(1.3, 0.05)) < 5.5

    def test_the_slopes_are_those_found_by_nudging(self):
        for U, b in [(1.3, 0.05), (1.3, 0.11), (0.5, 0.3), (1.5, 0.2)]:
            result = Edge(U=U, b=b).result
            assert slope(lambda b, U=U: end(U, b), b) == pytest.approx(result["moves"], rel=1e-5)
            assert slope(lambda b, U=U: (end(U, b) - 0.5) ** 2, b) == pytest.approx(
                result["slope"], rel=1e-5, abs=1e-7
            )

    def test_lower_resting_place_exists_below_b_0_101(self):
        """Resting places are where tanh(U h + b) - h changes its sign."""
        h = np.linspace(-1, 1, 200_001)

        def resting(U, b):
            return (np.diff(np.sign(np.tanh(U * h + b) - h)) != 0).sum()

        assert resting(1.3, 0.1005) == 3  # the one in the middle lets go of the unit
        assert resting(1.3, 0.1015) == 1
        assert {resting(0.5, b) for b in (0.01, 0.1, 0.3)} == {1}

    def test_with_u_05_the_end_rises_evenly(self):
        slopes = np.diff(Edge(U=0.5).result["ends"]) / np.diff(Edge.ALONG)
        assert 1 < slopes.min() < slopes.max() <= 2

    def test_curve_is_shown_up_to_the_chosen_b(self):
        lab = Edge()
        assert lab._ends_line.get_xdata()[-1] == pytest.approx(0.05)
        lab.b = 0.12
        assert lab._ends_line.get_xdata()[-1] == pytest.approx(0.12)
        assert lab._ends_line.get_ydata()[-1] == pytest.approx(end(1.3, 0.12))


class TestCliff:
    def test_the_leap_and_no_way_back(self):
        says(Cliff(), "Updates made: 8.", "loss 0.0845")
        says(Cliff(updates=9), "norm so far is 24.8, and now U = 1.08", "loss 0.5247")
        says(Cliff(updates=10), "U = −1.25, b = 7.10, loss 0.2500")
        says(Cliff(updates=60), "U = −1.25, b = 7.10, loss 0.2500", "loss 0.0001")
        assert Cliff().result["plain"][10:, 3].max() < 1e-4
        lab = Cliff(updates=10)
        assert "the tenth update met a gradient of norm 24.8" in lab.because(lab.result)

    def test_ninth_update_falls_off_the_cliff(self):
        """The eight before it lower the loss."""
        _, _, loss, norm = Cliff().result["plain"].T
        assert (np.diff(loss[:9]) < 0).all()
        assert loss[9] > 6 * loss[8]
        assert 45 < norm[9] / norm[8] < 55  # about fifty times as large

    def test_what_clipping_is_worth_at_other_learning_rates(self):
        result = Cliff(updates=60).result
        plain, clipped = (result[f"{name} at all rates"] for name in ("plain", "clipped"))
        assert ((plain > 0.2).sum(), len(plain)) == (10, 20)
        assert clipped.max() < 0.005
        wins = Cliff.RATES[plain < clipped]
        assert wins.tolist() == [0.1, 0.25, 0.45, 0.7, 0.95, 1.0]
        for limit, stuck in ((1.0, 0), (5.0, 2), (10.0, 7)):
            after = Cliff(limit=limit, updates=60).result["clipped at all rates"]
            assert (after > 0.2).sum() == stuck

    def test_ordinary_norms_are_between_01_and_06(self):
        """Of the clipped path up to the point where it is down: all but the one at the wall."""
        norms = Cliff().result["clipped"][:18, 3]
        assert ((norms > 0.1) & (norms < 0.6)).sum() >= 15
        assert (norms > 0.7).sum() == 1

    def test_a_limit_that_is_not_reached_changes_nothing(self):
        result = Cliff(limit=30.0).result
        np.testing.assert_array_equal(result["plain"], result["clipped"])

    @pytest.mark.parametrize("updates", [0, 60])
    def test_what_is_too_small_stands_at_the_edge(self, updates):
        lab = Cliff(updates=updates)
        _, norm, by_rate = lab._lines["clipped"]
        assert np.isfinite(norm.get_ydata()).all()
        assert np.isfinite(by_rate.get_ydata()).all()
        assert len(by_rate.get_xdata()) == 20
        if not updates:
            assert_inside(lab)

    @pytest.mark.parametrize("rate", [0.05, 0.3, 1.0])
    @pytest.mark.parametrize("limit", [None, 1.0])
    def test_the_paths_agree_with_one_unit_and_nudging(self, rate, limit):
        def loss(U, b):
            return (end(U, b) - TARGET) ** 2

        assert H_0 == -0.5
        result = descend(limit, np.array([rate]), 9)[:, 0]
        shown = Cliff(rate=rate, limit=limit or 30.0).result["clipped" if limit else "plain"]
        np.testing.assert_allclose(result, shown[:10], rtol=1e-9)
        for k in (0, 4, 8):
            (U, b, L, norm), e = result[k], 1e-6
            g = np.array([loss(U + e, b) - loss(U - e, b), loss(U, b + e) - loss(U, b - e)]) / (2 * e)
            assert np.linalg.norm(g) == pytest.approx(norm, rel=1e-5)
            assert loss(U, b) == pytest.approx(L)
            step = rate * g * (1 if limit is None else min(1, limit / norm))
            np.testing.assert_allclose(result[k + 1, :2], [U - step[0], b - step[1]], rtol=1e-5)


class TestLogs:
    def test_they_are_those_of_three_units(self):
        """Log 1 is the unclipped path of the lab; in log 2 the error signal is lost; log 3 has learnt."""
        runs = read_logs(checks.logs())
        losses, norms = runs["1"]
        np.testing.assert_allclose(losses, Cliff().result["plain"][list(checks.SHOWN), 2], atol=6e-5)
        np.testing.assert_allclose(norms, Cliff().result["plain"][list(checks.SHOWN), 3], rtol=0.05)
        losses, norms = runs["2"]
        assert (np.array(losses) == 0.25).all()
        assert max(norms) < 1e-4
        losses, norms = runs["3"]
        assert (np.diff(losses) < 0).all()
        assert losses[-1] < 0.001
        assert (np.diff(norms) < 0).all()

    def test_second_unit_needs_more_error_signal(self):
        """The same unit with U = 0.8 learns within 20 updates; with U = 0.5 it does not in 200."""
        x = np.eye(20)[:, :1, None]
        for U, updates, learns in ((0.5, 200, False), (0.8, 20, True)):
            cell = RNN(1, 1, init="zeros").put(W=1, U=U)
            for _ in range(updates + 1):
                tape = unroll(cell, x)
                grads = backprop(tape, 2 * (tape.h[-1] - 0.5))
                cell.W -= 0.1 * grads.dW
                cell.U -= 0.1 * grads.dU
            assert ((tape.h[-1].item() - 0.5) ** 2 < 0.001) == learns

    def test_it_is_what_the_notebook_prints(self):
        assert stored_text(NOTEBOOK, "logs").strip() == checks.logs()


def read_logs(text):
    """From the name of each log to its losses and its norms."""
    rows = [line.split() for line in text.splitlines() if line]
    return {
        one[1]: ([float(x) for x in one[3:]], [float(x) for x in two[1:]])
        for one, two in zip(rows[1::2], rows[2::2], strict=True)
    }


def test_the_solution_clips_as_the_lab_does():
    clip = solution_of(checks.check_clip)
    for g in ([3.0, -4.0], [0.3, 0.4]):
        scaled = clip(np.array(g), 1.0)
        assert np.linalg.norm(scaled) == pytest.approx(min(1, np.linalg.norm(g)))
        np.testing.assert_allclose(scaled / np.linalg.norm(scaled), np.array(g) / np.linalg.norm(g))
