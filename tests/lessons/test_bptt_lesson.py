"""What lesson 2 says in words, beyond what its stored outputs already show."""

import re

import numpy as np
import pytest

from helpers.checks import bptt as checks
from helpers.drawing import Chain
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.labs.bptt import unit
from helpers.labs.bptt.lags import LagByLag
from helpers.labs.bptt.updates import Learning
from helpers.labs.bptt.walking_back import WalkingBack
from tests.lessons.lesson import assert_inside, says, stored_text

NOTEBOOK = "02_bptt"
W, U, B = unit.START
RATES = (0.05, 0.2, 0.5)


def printed(cell):
    """The numbers that a stored cell printed, as text, by the word before them."""
    found = {}
    for name, number in re.findall(r"(\w+) +=? *(-?\d+\.\d+)", stored_text(NOTEBOOK, cell)):
        found.setdefault(name, []).append(number)
    return found


# By hand --------------------------------------------------------------------------------------------


def by_hand(weights=(0.5, 0.8, 0.0)):
    """(loss, gradients of W, U and b) of the example of three steps, by the library."""
    cell = RNN(1, 1, init="zeros").put(W=weights[0], U=weights[1], b=weights[2])
    tape = unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1))
    error = tape.h - np.array([0.2, 0.1, 0.1]).reshape(3, 1, 1)
    grads = backprop(tape, 2 * error / 3)
    return (error**2).mean(), [grads.parameters[name].item() for name in "WUb"], grads


def test_example_by_hand_agrees_with_the_library():
    loss, gradients, grads = by_hand()
    said = printed("by-hand")
    assert said["loss"] == [f"{loss:.4f}"]
    assert [said[f"d{name}"][0] for name in "WUb"] == [f"{g:.4f}" for g in gradients]
    assert said["da"] == [f"{da:.3f}" for da in grads.da[::-1, 0, 0]]
    assert float(said["later"][-1]) > float(said["direct"][-1]), "at step 1 more arrives than the direct part"


def test_its_update_goes_downhill():
    _, gradients, _ = by_hand()
    after = np.array([0.5, 0.8, 0.0]) - 0.2 * np.array(gradients)
    said = printed("by-hand-update")
    assert [said[name][0] for name in "WUb"] == [f"{weight:.4f}" for weight in after]
    assert said["loss"] == [f"{by_hand(after)[0]:.4f}"]
    assert float(said["loss"][0]) < float(printed("by-hand")["loss"][0]) / 5


def test_its_lags_add_up_to_its_dU():
    last = stored_text(NOTEBOOK, "lags-by-hand").splitlines()[-1]
    *lags, whole = (float(number) for number in re.findall(r"\d\.\d+", last))
    assert lags == [0.1067, 0.0350, 0.0]
    assert sum(lags) == pytest.approx(whole) == float(printed("by-hand")["dU"][0])


def test_direct_part_quoted_is_that_of_the_lab():
    result = WalkingBack().result
    assert (f"{result['error'][3]:.2f}", f"{result['direct'][3]:.3f}") == ("0.23", "0.046")
    assert result["direct"][3] == pytest.approx(2 / unit.T * result["error"][3])


def test_a_sum_over_a_column_is_the_transpose():
    """Unit j receives U_ij da_i from every unit i that it feeds, and dU is column times row."""
    cell = RNN(2, 3, rng=np.random.default_rng(0))
    tape = unroll(cell, np.random.default_rng(1).standard_normal((4, 2, 1)))
    direct = np.random.default_rng(2).standard_normal((4, 3, 1))
    grads = backprop(tape, direct)
    da, h = grads.da[:, :, 0], np.concatenate([np.zeros((1, 3)), tape.h[:, :, 0]])
    for t in range(3):
        for j in range(3):
            later = sum(cell.U[i, j] * da[t + 1, i] for i in range(3))
            assert grads.dh[t + 1, j, 0] == pytest.approx(direct[t, j, 0] + later)
    assert grads.dU == pytest.approx(sum(np.outer(da[t], h[t]) for t in range(4)))


# The labs -------------------------------------------------------------------------------------------


class TestWalkingBack:
    def test_it_opens_where_all_errors_are_known(self):
        lab = WalkingBack()
        says(lab, "The forward pass is done: the loss is 0.2490.")
        assert sorted(np.argsort(np.abs(lab.result["error"]))[-3:] + 1) == [5, 6, 7]

    def test_blame_for_what_came_after(self):
        lab = WalkingBack(at=16.0)
        says(lab, "h₅ gets 0.184 directly and 0.178 from later steps.", "it sends 0.265 on to h₄.")
        assert lab.result["total"].argmax() + 1 == 5
        says(WalkingBack(at=17.0), "h₄ gets 0.046 directly and 0.265 from later steps.")

    def test_a_single_error_fades(self):
        sizes = WalkingBack(targets="last step only").result["total"]
        assert [f"{sizes[k]:.3f}" for k in (9, 0)] == ["0.508", "0.002"]
        assert (np.diff(sizes) > 0).all()

    def test_the_first_step_drops_nothing(self):
        says(WalkingBack(at=20.0), "Multiplied by h₀ = 0.000, it adds 0.000 to dU.")

    def test_the_factors_of_the_links(self):
        """ "Between 0.36 and 0.73"."""
        links = WalkingBack().result["factor"][1:]
        assert (f"{links.min():.2f}", f"{links.max():.2f}") == ("0.36", "0.73")

    def test_a_larger_U_has_smaller_factors_here(self):
        usual, large = (WalkingBack(U=U).result for U in (0.9, 1.5))
        assert (large["factor"][2:] < usual["factor"][2:]).all()
        assert not (large["factor"][:2] < usual["factor"][:2]).any()
        assert large["h"][2:].min() > 0.84
        assert large["slope"][2:].max() < 0.3

    @pytest.mark.parametrize("targets", unit.TARGETS)
    def test_what_is_drawn_is_what_is_multiplied(self, targets):
        """By hand: what leaves a step is what came together there, times the factor under the link."""
        result = WalkingBack(targets=targets).result
        arriving = 0.0
        for t in range(unit.T, 0, -1):
            assert result["total"][t - 1] == pytest.approx(result["direct"][t - 1] + arriving, abs=1e-15)
            arriving = result["total"][t - 1] * result["factor"][t - 1]
        h = np.r_[0.0, result["h"]]
        for t in range(1, unit.T + 1):
            slope = 1 - np.tanh(W * result["x"][t - 1] + U * h[t - 1] + B) ** 2
            assert result["factor"][t - 1] == pytest.approx(U * slope)

    def test_the_box_fills_up_to_dU(self):
        lab = WalkingBack(at=20.0)
        assert lab._sum.get_text() == "dU = 0.605"
        assert len(lab._shares.get_xdata()) == 3 * unit.T
        lab.at = 13.0
        assert len(lab._shares.get_xdata()) == 3 * 3
        lab.at = 10.0
        assert lab._sum.get_text() == ""

    def test_arrow_is_as_wide_as_its_signal(self):
        lab = WalkingBack(at=20.0)
        links = unit.T - 1  # from step 10 to step 2: the last paths
        shapes = [path.vertices for path in lab._chain._errors.get_paths()][-links:]
        right = [np.ptp(s[:, 1][np.isclose(s[:, 0], s[:, 0].max())]) for s in shapes]
        left = [np.ptp(s[:, 1][np.isclose(s[:, 0], s[:, 0].min())]) for s in shapes]
        total = lab.result["total"][:0:-1]
        np.testing.assert_allclose(right, np.abs(total) / 0.6 * lab._chain.BREADTH, rtol=1e-6)
        sent = total * lab.result["factor"][:0:-1]
        np.testing.assert_allclose(left, np.abs(sent) / 0.6 * lab._chain.BREADTH, rtol=1e-6, atol=0.02)

    def test_it_is_the_chain_of_lesson_1(self):
        assert isinstance(WalkingBack()._chain, Chain)

    def test_nothing_leaves_the_picture(self):
        lab = WalkingBack()
        for targets in unit.TARGETS:
            for recurrent in (0.0, 0.9, 1.5):
                for at in (0.0, 3.5, 10.0, 15.25, 20.0):
                    lab.set(targets=targets, U=recurrent, at=at)
                    assert_inside(lab)


class TestLearning:
    def test_first_update_overshoots_yet_lowers_the_loss(self):
        says(Learning(), "Before the first update the loss is 0.2490.")
        says(Learning(weight="b"), "The next one takes b to 0.200 − 0.2 × 1.087 = −0.017.")
        says(Learning(updates=1), "After one update the loss is 0.1023.")
        says(Learning(updates=2), "After 2 updates the loss is 0.1679.")
        assert unit.learning(0.2)[0][1, 2] < unit.TEACHER[2]

    def test_weights_are_near_their_goal_after_forty_updates(self):
        says(Learning(updates=40), "After 40 updates the loss is 0.0002.")
        weights, _, _ = unit.learning(0.2)
        assert np.abs(weights[-1] - unit.TEACHER).max() < 0.05
        assert np.abs(Learning(updates=40).result["error"]).max() < 0.02
        assert f"{weights[:, 1].min():.3f}" == "0.679"
        assert weights[-1, 1] > weights[:, 1].min()
        assert (np.diff(np.sign(np.diff(weights[:8, 2]))) != 0).sum() >= 3, "b swings"

    def test_small_rates_are_slow_and_large_ones_overshoot(self):
        _, slow, _ = unit.learning(0.05)
        assert (np.diff(slow) < 0).all()
        assert f"{slow[-1]:.4f}" == "0.0105"
        _, fast, _ = unit.learning(0.5)
        assert f"{fast[1]:.4f}" == "0.6175" > f"{fast[0]:.4f}"

    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("weight", "WUb")
    def test_the_gradient_agrees_with_nudging_the_weight(self, rate, weight):
        weights, _, gradients = unit.learning(rate)
        place, eps, made = "WUb".index(weight), 1e-6, 3

        def states(W, U, b):
            h = [0.0]
            for x_t in unit.PUSHES[:, 0, 0]:
                h.append(np.tanh(W * x_t + U * h[-1] + b))
            return np.array(h[1:])

        def loss(nudge):
            nudged = weights[made].copy()
            nudged[place] += nudge
            return np.mean((states(*nudged) - states(*unit.TEACHER)) ** 2)

        slope = (loss(eps) - loss(-eps)) / (2 * eps)
        assert gradients[made, place] == pytest.approx(slope, abs=1e-8)
        assert weights[made + 1, place] - weights[made, place] == pytest.approx(-rate * slope, abs=1e-8)

    def test_nothing_leaves_the_picture(self):
        lab = Learning()
        for rate in RATES:
            for updates in range(0, 41, 4):
                lab.set(rate=rate, updates=updates)
                assert_inside(lab)


class TestLagByLag:
    def test_four_lags_are_nearly_all_of_dU(self):
        says(LagByLag(), "Lag 0 contributes 0.268 to dU, which is 0.605 in full.")
        says(LagByLag(lag=3), "Lags 0 to 3 contribute 0.578 to dU, which is 0.605 in full.")
        assert pytest.approx(0.96, abs=0.005) == 0.578 / 0.605

    def test_b_needs_one_lag_more(self):
        says(LagByLag(lag=3, weight="b"), "0.993 to db, which is 1.087")
        says(LagByLag(lag=4, weight="b"), "1.052 to db, which is 1.087")
        sums = {name: LagByLag(weight=name).result["shares"].cumsum() for name in "Ub"}
        reached = {name: int(np.argmax(so_far >= 0.95 * so_far[-1])) for name, so_far in sums.items()}
        assert reached == {"U": 3, "b": 4}
        assert pytest.approx(0.97, abs=0.005) == 1.052 / 1.087

    def test_contributions_to_W_cancel(self):
        says(LagByLag(lag=3, weight="W"), "Lags 0 to 3 contribute −0.301 to dW, which is −0.263 in full.")
        shares = LagByLag(weight="W").result["shares"]
        assert (np.sign(shares) == [-1, -1, -1, 1, 1, 1, 1, 1, 1, 1]).all()

    @pytest.mark.parametrize("targets", unit.TARGETS)
    @pytest.mark.parametrize("weight", "WUb")
    def test_all_contributions_are_the_gradient(self, targets, weight):
        lab = LagByLag(lag=9, targets=targets, weight=weight)
        tape = unroll(unit.unit(*unit.START), unit.PUSHES)
        _, direct = unit.errors(tape, unit.TARGETS[targets])
        whole = backprop(tape, direct).parameters[weight].item()
        assert lab.result["shares"].sum() == pytest.approx(whole, abs=1e-12)
        total = WalkingBack(targets=targets).result["total"]
        np.testing.assert_allclose(lab.result["direct"] + lab.result["later"], total, atol=1e-14)
        assert_inside(lab)

    def test_h_4_has_first_received_its_direct_part(self):
        says(LagByLag(), "h₄ has received 0.046 directly and 0.000 from later steps.")


# The bug hunt ---------------------------------------------------------------------------------------


def of_programs(cell):
    """The dU[0, 1] of each program, as a stored cell printed it."""
    said = re.findall(r"program (\w) +dU\[0, 1\] = (-?\d+\.\d+)", stored_text(NOTEBOOK, cell))
    return {name: float(number) for name, number in said}


def test_nudging_agrees_with_exactly_one_program():
    """One of the others comes near."""
    dU = of_programs("bug-hunt")
    rng = np.random.default_rng(0)
    W, U, b = rng.standard_normal((2, 1)), rng.standard_normal((2, 2)), rng.standard_normal(2)
    x, y = rng.standard_normal((4, 1)), rng.standard_normal((4, 2))

    def loss(u):
        nudged, h, squares = U.copy(), np.zeros(2), 0.0
        nudged[0, 1] = u
        for x_t, y_t in zip(x, y, strict=True):
            h = np.tanh(W @ x_t + nudged @ h + b)
            squares += np.sum((h - y_t) ** 2)
        return squares / y.size

    slope = (loss(U[0, 1] + 1e-5) - loss(U[0, 1] - 1e-5)) / 2e-5
    assert dU["B"] == pytest.approx(slope, abs=1e-6)
    assert 1 / 50 < abs(dU["D"] - slope) / slope < 1 / 20
    assert all(abs(dU[name] - slope) > 0.5 * slope for name in "AC")


def test_program_c_is_right_with_one_target_missed():
    """All targets but the last are met."""
    dU = of_programs("blind-check")
    assert dU["B"] == dU["C"]
    assert len({dU["A"], dU["B"], dU["D"]}) == 3
    assert set(dU) == set(checks.PROGRAMS)
