"""What notebook 02 says in words of gradients that vanish or explode, and of what decides it."""

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.labs.bptt.counter_examples import Saturation, TwoByTwo
from helpers.labs.bptt.norms import LONGEST, FromUAlone, GradientNorms, H, network
from helpers.tasks import noise
from tests.lessons.lesson import says, stored_text

NOTEBOOK = "02_bptt_vanishing_gradients"


class TestGradientNorms:
    @pytest.mark.parametrize(
        ("controls", "words"),
        [
            ({}, ["norm 2.7 × 10⁻⁵", "0.900 a step"]),
            ({"activation": "tanh"}, ["norm 2.5 × 10⁻¹⁰", "0.802 a step"]),
            ({"activation": "tanh", "loss": "every step"}, ["dL/dh₀ has norm 0.997", "0.802 a step"]),
            ({"activation": "sigmoid"}, ["0.214 a step"]),
            ({"activation": "sigmoid", "gain": 2.0}, ["0.429 a step"]),
            ({"activation": "tanh", "T": 500}, ["norm 3.8 × 10⁻⁵⁰"]),
            ({"gain": 1.1}, ["norm 1.4 × 10⁴"]),
        ],
    )
    def test_numbers_in_the_text(self, controls, words):
        says(GradientNorms(**controls), *words)

    def test_the_loss_changes_dL_but_not_the_jacobian(self):
        last, every = (GradientNorms(activation="tanh", loss=at) for at in ("last step", "every step"))
        np.testing.assert_array_equal(last.result["dh_T"], every.result["dh_T"])
        assert last.result["dL"].min() < -9
        assert np.abs(every.result["dL"]).max() < 0.5
        sizes = 10 ** every.result["dL"][1:]
        assert (f"{sizes.min():.2f}", f"{sizes.max():.2f}") == ("1.00", "1.30")

    def test_lost_in_rounding(self):
        assert 1.0 + 1e-16 == 1.0


class TestFromUAlone:
    def test_numbers_in_the_text(self):
        says(FromUAlone(), "value 0.90, below 1/γ = 1", "must vanish", "× 0.802 a step")
        says(
            FromUAlone(kind="random"),
            "value 1.64, not below 1/γ = 1",
            "nothing is promised",
            "× 0.799 a step",
        )
        lab = FromUAlone(kind="random", activation="sigmoid", gain=2.0)
        says(lab, "value 3.65, below 1/γ = 4", "must vanish")

    def test_others_that_are_drawn_alike_vanish_about_as_fast(self):
        x, factors = 0.25 * noise(LONGEST, H, 2)[:100], []
        for seed in range(2, 42):
            U = np.random.default_rng(seed).standard_normal((H, H))
            cell = network(0.9, "tanh").put(U=0.9 * U / np.abs(np.linalg.eigvals(U)).max())
            factors.append(10 ** (probes.log_norms_dh_T(unroll(cell, x))[0] / 100))
        assert 0.75 < min(factors) < max(factors) < 0.83

    @pytest.mark.parametrize("kind", ["orthogonal", "random"])
    def test_the_gain_is_the_spectral_radius(self, kind):
        result = FromUAlone(kind=kind, gain=1.3).result
        assert np.abs(result["of_U"]).max() == pytest.approx(1.3)
        assert result["stretch"] >= 1.3 - 1e-12

    @pytest.mark.parametrize("kind", ["orthogonal", "random"])
    def test_below_the_bound_it_always_vanishes(self, kind):
        promised = 0
        for activation, bound in (("tanh", 1), ("sigmoid", 4)):
            for gain in (0.3, 0.5, 0.9, 1.9):
                lab = FromUAlone(activation=activation, gain=gain, size=0.1, kind=kind)
                assert lab.result["bound"] == bound
                if "must vanish" in lab.readout_text:
                    promised += 1
                    assert lab.result["factor"] <= lab.result["stretch"] / bound + 1e-12
        assert promised >= 5


class TestSaturation:
    def test_a_gain_of_11_vanishes_with_inputs_and_tanh(self):
        says(Saturation(gain=1.1), "× 0.917 a step", "vanishes", "0.809 on average")
        says(Saturation(gain=1.1, size=0.0), "× 1.100 a step", "explodes")
        says(Saturation(gain=2.0), "× 1.138 a step")
        assert (np.abs(FromUAlone(gain=1.1).result["of_U"]) > 1).all()

    def test_larger_inputs_make_it_vanish_faster(self):
        factors = [Saturation(gain=1.1, size=s).result["norms"][0] for s in (0.0, 0.25, 0.5, 1.0, 2.0)]
        assert (np.diff(factors) < 0).all()

    def test_the_threshold_of_the_exercise(self):
        says(Saturation(gain=1.3), "keeps its size")

    def test_the_histogram_holds_all_slopes_and_has_their_mean(self):
        for size in (0.0, 0.25, 2.0):
            result = Saturation(gain=1.1, size=size).result
            middles = (np.arange(Saturation.BINS) + 0.5) / Saturation.BINS
            assert result["shares"].sum() == pytest.approx(1)
            assert result["shares"] @ middles == pytest.approx(
                result["mean"], abs=0.5 / Saturation.BINS + 1e-9
            )


def products(*matrices):
    """The products of matrices in turn, one step after the other, multiplied out by hand."""
    J = [np.eye(2)]
    for k in range(40):
        J.append(J[-1] @ matrices[k % len(matrices)])
    return J


class TestTwoByTwo:
    def test_numbers_in_the_text(self):
        lab = TwoByTwo(s1=2.0, s2=0.4, angle=42, n=1)
        says(lab, "1 step: singular values 2.00, 0.400; |eigenvalues| 0.894, 0.894")
        largest = lab.result["singular"][:, 0]
        assert (f"{largest.max():.2f}", largest.argmax()) == ("5.53", 8)
        assert (largest[1:28] >= 1).all()
        assert (largest[28:] < 1).all()
        lab.angle = 90
        assert lab.result["singular"][:, 0].max() == pytest.approx(2)
        np.testing.assert_allclose(lab.result["eigen"][1], np.sqrt(0.8))
        says(TwoByTwo(s1=0.9, s2=0.9, angle=42), "singular values 0.900, 0.900; |eigenvalues| 0.900, 0.900")
        lab.set(angle=42, matrices="U and its transpose in turn")
        np.testing.assert_allclose(lab.result["singular"][:, 0], 2.0 ** np.arange(41))

    @pytest.mark.parametrize(
        ("s1", "s2", "angle"), [(0.9, 0.4, 0), (2.0, 0.4, 42), (1.1, 0.9, 17), (2.5, 0.0, 90)]
    )
    def test_it_agrees_with_the_engine(self, s1, s2, angle):
        """A linear RNN with this U: the Jacobians over many steps, and an error sent back by BPTT."""
        lab = TwoByTwo(s1=s1, s2=s2, angle=angle)
        cell = RNN(1, 2, activation="linear", init="zeros")
        turn = np.deg2rad(angle)
        cell.U[:] = [
            [s1 * np.cos(turn), -s2 * np.sin(turn)],
            [s1 * np.sin(turn), s2 * np.cos(turn)],
        ]
        tape = unroll(cell, np.zeros((40, 1, 1)))
        J, exponent = probes.product_jacobians(tape)
        J = np.ldexp(J, exponent[:, None, None])[::-1]
        np.testing.assert_allclose(
            lab.result["singular"][:, 0], np.linalg.norm(J, 2, axis=(1, 2)), atol=1e-12
        )
        sent = backprop(tape, lab.START[:, None]).dh[::-1, :, 0]
        np.testing.assert_allclose(lab.result["error"], sent, atol=1e-12)

    def test_the_smaller_ones_are_not_lost_in_rounding(self):
        lab = TwoByTwo(s1=2.0, s2=0.2, angle=60, matrices="U and its transpose in turn")
        np.testing.assert_allclose(lab.result["singular"][:, 1], 0.2 ** np.arange(41.0), rtol=1e-9)
        assert TwoByTwo(s1=2.5, s2=0.0, angle=90, n=2).result["singular"][2:].max() == 0

    def test_unturned_it_is_normal(self):
        result = TwoByTwo().result
        for name in ("singular", "eigen"):
            np.testing.assert_allclose(result[name][:, 0], 0.9 ** np.arange(41.0), rtol=1e-9)

    def test_the_classic_example_grows_19_times_before_it_shrinks(self):
        stretch = [np.linalg.norm(J, 2) for J in products(np.array([[0.9, 5.0], [0.0, 0.9]]))]
        assert (f"{max(stretch):.3f}", int(np.argmax(stretch))) == ("19.379", 9)
        assert "n =  9   stretches up to 19.379 times" in stored_text(NOTEBOOK, "grows-code")

    def test_eigenvalues_of_single_steps_do_not_say_what_a_product_does(self):
        U = np.array([[0.5, 2.0], [0.0, 0.5]])
        assert np.abs(np.linalg.eigvals(U)).max() == 0.5
        sizes = [np.linalg.norm(J, 2) for J in products(U, U.T)]
        assert (np.diff(np.log(sizes)) > np.log(2)).all()
