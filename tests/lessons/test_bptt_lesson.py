"""What notebook 02 says in words of errors that walk back, beyond what its stored outputs already show."""

import numpy as np
import pytest

from helpers.drawing import Chain
from helpers.labs.bptt import walking_back as walk
from helpers.labs.bptt.lags import LagByLag
from tests.lessons.lesson import assert_inside, says, stored_text

NOTEBOOK = "02_bptt"


class TestWalkingBack:
    def test_blame_for_what_came_after(self):
        says(walk.WalkingBack(at=17.0), "h₄ gets 0.046 directly and 0.265 from later steps")
        assert abs(walk.WalkingBack().result["error"][3]) == pytest.approx(0.23, abs=5e-3)
        lab = walk.WalkingBack(at=16.0)
        says(lab, "h₅ gets 0.184 directly and 0.178 from later steps")
        assert lab.result["total"].argmax() + 1 == 5
        assert sorted(np.argsort(lab.result["error"] ** 2)[-3:] + 1) == [5, 6, 7]

    def test_a_single_error_pales(self):
        sizes = walk.WalkingBack(targets="last step only").result["total"]
        assert [f"{sizes[k]:.3f}" for k in (9, 0)] == ["0.508", "0.002"]
        assert (np.diff(sizes) > 0).all()

    def test_the_first_step_drops_nothing(self):
        says(walk.WalkingBack(at=20.0), "× h₀ = 0.000 drops 0.000 into dU.")

    def test_a_larger_U_has_smaller_factors_here(self):
        usual, large = (walk.WalkingBack(U=U).result["factor"][2:] for U in (0.9, 1.5))
        assert (large < usual).all()
        assert walk.WalkingBack(U=1.5).result["slope"][2:].max() < 0.3

    @pytest.mark.parametrize("targets", walk.TARGETS)
    def test_what_is_drawn_is_what_is_multiplied(self, targets):
        """By hand: what leaves a step is what came together there, times the factor under the link."""
        result = walk.WalkingBack(targets=targets).result
        arriving = 0.0
        for t in range(walk.T, 0, -1):
            assert result["total"][t - 1] == pytest.approx(result["direct"][t - 1] + arriving, abs=1e-15)
            arriving = result["total"][t - 1] * result["factor"][t - 1]
        h = np.r_[0.0, result["h"]]
        for t in range(1, walk.T + 1):
            slope = 1 - np.tanh(0.3 * result["x"][t - 1] + 0.9 * h[t - 1] + 0.2) ** 2
            assert result["factor"][t - 1] == pytest.approx(0.9 * slope)

    def test_the_box_fills_up_to_dU(self):
        lab = walk.WalkingBack(at=20.0)
        assert lab._sum.get_text() == "dU = 0.605"
        assert len(lab._shares.get_xdata()) == 3 * walk.T
        lab.at = 13.0
        assert len(lab._shares.get_xdata()) == 3 * 3
        lab.at = 10.0
        assert lab._sum.get_text() == ""

    def test_an_error_is_as_broad_as_it_is_large(self):
        lab = walk.WalkingBack(at=20.0)
        shapes = [p.vertices for p in lab._chain._errors.get_paths()][
            -(walk.T - 1) :
        ]  # the links, from 10 to 2
        right = [np.ptp(s[:, 1][np.isclose(s[:, 0], s[:, 0].max())]) for s in shapes]
        left = [np.ptp(s[:, 1][np.isclose(s[:, 0], s[:, 0].min())]) for s in shapes]
        total = lab.result["total"][:0:-1]
        np.testing.assert_allclose(right, np.abs(total) / 0.6 * lab._chain.BREADTH, rtol=1e-6)
        sent = total * lab.result["factor"][:0:-1]
        np.testing.assert_allclose(left, np.abs(sent) / 0.6 * lab._chain.BREADTH, rtol=1e-6, atol=0.02)

    def test_it_is_the_chain_of_lesson_1(self):
        assert isinstance(walk.WalkingBack()._chain, Chain)

    def test_nothing_leaves_the_picture(self):
        lab = walk.WalkingBack()
        for targets in walk.TARGETS:
            for U in (0.0, 0.9, 1.5):
                for at in (0.0, 3.5, 10.0, 15.25, 20.0):
                    lab.set(targets=targets, U=U, at=at)
                    assert_inside(lab)


class TestLearning:
    def test_the_loss_falls(self):
        says(walk.Learning(), "After 0 updates the loss is 0.2490")
        says(walk.Learning(updates=40), "After 40 updates the loss is 0.0002")
        weights, _, _ = walk.learning("every step")
        assert np.abs(weights[-1] - walk.TEACHER).max() < 0.05
        assert f"{weights[:, 1].min():.3f}" == "0.679"
        assert (np.diff(np.sign(np.diff(weights[:8, 2]))) != 0).sum() >= 3  # b swings

    @pytest.mark.parametrize("targets", walk.TARGETS)
    @pytest.mark.parametrize("weight", ["W", "U", "b"])
    def test_the_gradient_agrees_with_nudging_the_weight(self, targets, weight):
        lab = walk.Learning(targets=targets, weight=weight, updates=3)
        place, eps = "WUb".index(weight), 1e-6

        def loss(nudge):
            weights = lab.result["weights"][3].copy()
            weights[place] += nudge
            h, H = 0.0, []
            for x_t in walk.PUSHES[:, 0, 0]:
                h = np.tanh(weights[0] * x_t + weights[1] * h + weights[2])
                H.append(h)
            y = lab.result["y_hat"][lab.result["asked"] - 1] - lab.result["error"]
            return np.mean((np.array(H)[lab.result["asked"] - 1] - y) ** 2)

        slope = (loss(eps) - loss(-eps)) / (2 * eps)
        assert lab.result["gradients"][3, place] == pytest.approx(slope, abs=1e-8)
        moved = lab.result["weights"][4, place] - lab.result["weights"][3, place]
        assert moved == pytest.approx(-walk.RATE * slope, abs=1e-8)

    def test_nothing_leaves_the_picture(self):
        lab = walk.Learning()
        for targets in walk.TARGETS:
            for updates in range(0, 41, 4):
                lab.set(targets=targets, updates=updates)
                assert_inside(lab)


class TestLagByLag:
    def test_lag_by_lag(self):
        for lag, so_far in ((0, "0.268 from lag 0"), (3, "0.578 from lags 0 to 3")):
            says(LagByLag(lag=lag), so_far, "0.605 in full")
        says(LagByLag(lag=4, weight="b"), "1.052 from lags 0 to 4", "1.087 in full")
        assert pytest.approx(0.96, abs=0.005) == 0.578 / 0.605

    @pytest.mark.parametrize("targets", walk.TARGETS)
    @pytest.mark.parametrize("weight", ["W", "U", "b"])
    def test_all_shares_are_the_gradient(self, targets, weight):
        lab = LagByLag(lag=9, targets=targets, weight=weight)
        whole = walk.learning(targets)[2][0]["WUb".index(weight)]
        assert lab.result["shares"].sum() == pytest.approx(whole, abs=1e-12)
        total = walk.WalkingBack(targets=targets).result["total"]
        np.testing.assert_allclose(lab.result["direct"] + lab.result["later"], total, atol=1e-14)
        assert_inside(lab)


def test_the_hand_worked_example_goes_downhill():
    before = float(stored_text(NOTEBOOK, "by-hand").split()[1])
    after = float(stored_text(NOTEBOOK, "by-hand-update").split()[-1])
    assert after < before / 5
