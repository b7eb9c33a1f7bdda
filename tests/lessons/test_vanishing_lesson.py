"""What lesson 3 says of gradients that vanish or explode, and of what makes them do so."""

import numpy as np
import pytest

from helpers import english
from helpers.checks import vanishing as checks
from helpers.engine import probes
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.english.sentences import parse
from helpers.labs.vanishing.influence import GradientOrInfluence
from helpers.labs.vanishing.norms import LONGEST, GradientNorms, H, network
from helpers.labs.vanishing.saturation import Saturation
from helpers.labs.vanishing.two_by_two import InTurn, TwoByTwo
from helpers.tasks import noise
from tests.lessons.lesson import assert_inside, says, stored_text

NOTEBOOK = "03_vanishing_gradients"


def matrix(s1, s2, degrees):
    """A stretch along the axes, and then a turn."""
    turn = np.deg2rad(degrees)
    return np.array([[s1 * np.cos(turn), -s2 * np.sin(turn)], [s1 * np.sin(turn), s2 * np.cos(turn)]])


def stretches(*matrices, n=40):
    """The largest singular value of the product of 0 to n matrices in turn, multiplied out one by one."""
    product, found = np.eye(2), [1.0]
    for k in range(n):
        product = product @ matrices[k % len(matrices)]
        found.append(np.sqrt(np.linalg.eigvalsh(product.T @ product).max()))
    return np.array(found)


class TestByHand:
    def test_one_step_stretches_and_two_shrink(self):
        """One step stretches by 1.5 at most; two multiply by 0.75."""
        U = np.array([[0.0, 0.5], [1.5, 0.0]])
        np.testing.assert_allclose(U.T @ U.T, 0.75 * np.eye(2))
        assert stretches(U)[1] == pytest.approx(1.5)
        assert np.abs(np.linalg.eigvals(U)).max() == pytest.approx(np.sqrt(0.75))
        assert "(0, 1) has become (1.500, 0.000)" in stored_text(NOTEBOOK, "by-hand")

    def test_error_signal_meets_the_transposed_product(self):
        """By the engine: what arrives at h_0 is the transposed product of the Jacobians, times it."""
        rng = np.random.default_rng(0)
        tape = unroll(RNN(2, 3, rng=rng), rng.standard_normal((5, 2, 1)))
        product = np.linalg.multi_dot(probes.step_jacobians(tape)[::-1])
        signal = rng.standard_normal((3, 1))
        np.testing.assert_allclose(backprop(tape, signal).dh[0], product.T @ signal, rtol=1e-9)

    def test_jacobian_is_U_with_rows_times_slopes(self):
        rng = np.random.default_rng(1)
        cell = RNN(2, 3, rng=rng)
        tape = unroll(cell, rng.standard_normal((4, 2, 1)))
        by_hand = (1 - tape.h[2] ** 2) * cell.U
        np.testing.assert_allclose(probes.step_jacobians(tape, steps=[3])[0], by_hand)


class TestTwoByTwo:
    def test_numbers_in_the_text(self):
        lab = TwoByTwo(s1=2.0, angle=42)
        says(lab, "the largest stretch 2.00 and the spectral radius 0.894")
        largest = stretches(matrix(2, 0.4, 42))
        assert (f"{largest.max():.2f}", largest.argmax()) == ("5.53", 8)
        assert (largest[1:28] >= 1).all()
        assert (largest[28:] < 1).all()
        assert (np.linalg.norm(lab.result["error"], axis=1)[26:28] < 1).tolist() == [False, True]
        np.testing.assert_allclose(lab.result["singular"][:, 0], largest)
        assert stretches(matrix(2, 0.4, 90)).max() == pytest.approx(2)

    def test_eigenvalues_have_one_size_from_42_degrees(self):
        def sizes(degrees):
            return np.sort(np.abs(np.linalg.eigvals(matrix(2, 0.4, degrees))))

        assert [f"{size:.2f}" for size in sizes(30)] == ["0.51", "1.57"]
        assert sizes(41.7)[1] > sizes(41.7)[0] + 0.05
        for degrees in (41.9, 42, 60, 90):
            np.testing.assert_allclose(sizes(degrees), np.sqrt(0.8))
        assert (np.diff(stretches(matrix(2, 0.4, 30))) > 0).all()

    def test_singular_values_do_not_depend_on_the_turn(self):
        """They are s1 and s2."""
        for degrees in (0, 17, 45, 90):
            found = np.linalg.svd(matrix(1.3, 0.7, degrees), compute_uv=False)
            np.testing.assert_allclose(found, [1.3, 0.7])
            if degrees:
                assert np.abs(np.linalg.eigvals(matrix(1.3, 0.7, degrees))).max() < 1.3

    @pytest.mark.parametrize(
        ("s1", "s2", "angle"), [(0.9, 0.4, 0), (2.0, 0.4, 45), (1.1, 0.9, 17), (2.5, 0.0, 90)]
    )
    def test_it_agrees_with_the_engine(self, s1, s2, angle):
        """A linear RNN with this U: the Jacobians over many steps, and an error sent back by BPTT."""
        lab = TwoByTwo(s1=s1, s2=s2, angle=angle)
        cell = RNN(1, 2, activation="linear", init="zeros").put(U=matrix(s1, s2, angle))
        tape = unroll(cell, np.zeros((40, 1, 1)))
        J, exponent = probes.product_jacobians(tape)
        J = np.ldexp(J, exponent[:, None, None])[::-1]
        np.testing.assert_allclose(
            lab.result["singular"][:, 0], np.linalg.norm(J, 2, axis=(1, 2)), atol=1e-12
        )
        sent = backprop(tape, lab.START[:, None]).dh[::-1, :, 0]
        np.testing.assert_allclose(lab.result["error"], sent, atol=1e-12)

    def test_stretch_in_turn_is_a_power_of_two(self):
        """This holds at every angle."""
        for angle in (0, 45, 90):
            U = matrix(2, 0.4, angle)
            np.testing.assert_allclose(stretches(U, U.T), 2.0 ** np.arange(41))
            lab = InTurn(angle=angle, n=10)
            np.testing.assert_allclose(lab.result["singular"][:, 0], 2.0 ** np.arange(41))
            np.testing.assert_allclose(lab.result["eigen"][::2, 0], 4.0 ** np.arange(21))
        assert "1024 times" in InTurn(n=10).because(InTurn(n=10).result)

    def test_the_smaller_ones_are_not_lost_in_rounding(self):
        lab = InTurn(s1=2.0, s2=0.2, angle=60)
        np.testing.assert_allclose(lab.result["singular"][:, 1], 0.2 ** np.arange(41.0), rtol=1e-9)
        assert TwoByTwo(s1=2.5, s2=0.0, angle=90, n=2).result["singular"][2:].max() == 0

    def test_unturned_it_is_normal(self):
        result = TwoByTwo().result
        for name in ("singular", "eigen"):
            np.testing.assert_allclose(result[name][:, 0], 0.9 ** np.arange(41.0), rtol=1e-9)

    def test_corner_example_grows_19_times_before_shrinking(self):
        largest = stretches(np.array([[0.9, 5.0], [0.0, 0.9]]), n=60)
        assert (f"{largest.max():.1f}", largest.argmax()) == ("19.4", 9)
        assert (largest[1:55] > 1).all()
        assert (largest[55:] < 1).all()
        assert "n =  9   corner 19.37   5 n 0.9^(n-1) = 19.37" in stored_text(NOTEBOOK, "corner-code")


class TestGradientNorms:
    @pytest.mark.parametrize(
        ("controls", "words"),
        [
            ({}, ["comes to 2.7 × 10⁻⁵", "× 0.900 per step"]),
            ({"activation": "tanh"}, ["comes to 2.5 × 10⁻¹⁰", "× 0.802 per step", "allows × 0.900"]),
            ({"activation": "tanh", "kind": "random"}, ["× 0.799 per step", "allows × 1.642"]),
            ({"activation": "tanh", "T": 500}, ["Over 500 steps", "comes to 3.8 × 10⁻⁵⁰"]),
            ({"gain": 1.1}, ["comes to 1.4 × 10⁴"]),
        ],
    )
    def test_numbers_in_the_text(self, controls, words):
        says(GradientNorms(**controls), *words)

    def test_the_networks_of_the_predict_cell(self):
        random = probes.largest_singular_value(network(0.9, "tanh", "random").U)
        orthogonal = probes.largest_singular_value(network(0.9, "tanh").U)
        assert (f"{random:.2f}", f"{orthogonal:.2f}") == ("1.64", "0.90")
        assert 4 * GradientNorms(activation="sigmoid", kind="random", gain=2.0).result[
            "most"
        ] == pytest.approx(3.65, abs=5e-3)

    def test_the_loss_changes_dL_but_not_the_jacobian(self):
        last, every = (GradientNorms(activation="tanh", loss=at) for at in ("last", "every"))
        np.testing.assert_array_equal(last.result["dh_T"], every.result["dh_T"])
        assert last.result["dL"].min() < -9
        sizes = 10 ** every.result["dL"][1:]
        assert (f"{sizes.min():.2f}", f"{sizes.max():.2f}") == ("1.00", "1.30")

    def test_a_direct_part_has_norm_1(self):
        for loss in GradientNorms.DIRECT:
            assert GradientNorms(loss=loss).result["dL"][-1] == pytest.approx(0)

    @pytest.mark.parametrize("kind", ["orthogonal", "random"])
    def test_the_bound_holds_where_it_says_something(self, kind):
        promised = 0
        for activation in ("tanh", "sigmoid", "linear"):
            for gain in (0.3, 0.5, 0.9, 1.9):
                result = GradientNorms(activation=activation, gain=gain, size=0.1, kind=kind).result
                promised += result["most"] < 1
                assert probes.factor_per_step(result["dh_T"]) <= result["most"] + 1e-12
        assert promised >= 5

    def test_random_draws_vanish_about_as_fast(self):
        x, factors = 0.25 * noise(LONGEST, H, 2)[:100], []
        for seed in range(2, 42):
            U = np.random.default_rng(seed).standard_normal((H, H))
            cell = network(0.9, "tanh").put(U=0.9 * U / np.abs(np.linalg.eigvals(U)).max())
            factors.append(10 ** (probes.log_norms_dh_T(unroll(cell, x))[0] / 100))
        assert 0.75 < min(factors) < max(factors) < 0.83

    @pytest.mark.parametrize("kind", ["orthogonal", "random"])
    def test_the_gain_is_the_spectral_radius(self, kind):
        assert probes.spectral_radius(network(1.3, "tanh", kind).U) == pytest.approx(1.3)

    def test_lost_in_rounding(self):
        assert 1.0 + 1e-16 == 1.0
        assert 1.0 + 1e-15 > 1.0


class TestSaturation:
    def test_gain_1_1_vanishes_with_inputs_and_tanh(self):
        says(Saturation(), "× 0.802 per step", "mean slope of tanh is 0.879")
        says(Saturation(gain=1.1), "× 0.917 per step", "vanishes", "mean slope of tanh is 0.809")
        says(Saturation(gain=2.0), "× 1.138 per step", "explodes")
        np.testing.assert_allclose(np.abs(np.linalg.eigvals(network(1.1, "tanh").U)), 1.1)

    def test_larger_inputs_make_it_vanish_faster(self):
        sizes = {0.0: "1.100", 0.1: "0.991", 0.25: "0.917", 1.0: "0.687", 2.0: "0.519"}
        for size, factor in sizes.items():
            says(Saturation(gain=1.1, size=size), f"tanh it is × {factor} per step")

    def test_the_threshold_of_the_exercise(self):
        says(Saturation(gain=1.3), "keeps its size")
        assert checks.check_threshold_gain(1.3, "A").right

    def test_histogram_holds_all_slopes_and_their_mean(self):
        for size in (0.0, 0.25, 2.0):
            result = Saturation(gain=1.1, size=size).result
            middles = (np.arange(Saturation.BINS) + 0.5) / Saturation.BINS
            assert result["fractions"].sum() == pytest.approx(1)
            assert result["fractions"] @ middles == pytest.approx(
                result["mean"], abs=0.5 / Saturation.BINS + 1e-9
            )


class TestPrintout:
    def test_it_tells_the_causes_apart(self):
        """By the quotient of the printed numbers: below 1, U shrinks; above 1, it stretches."""
        lines = dict(line.split("   ", 1) for line in stored_text(NOTEBOOK, "printout").splitlines())
        found = {}
        for name, words in lines.items():
            slope, factor = (float(word) for word in words.split() if word[0].isdigit())
            found[name[-1]] = slope, factor, factor / slope
        assert found["A"][0] > 0.95
        assert found["A"][2] < 0.65
        assert found["B"][0] < 0.5
        assert found["B"][2] > 1.2
        assert abs(found["C"][1] - 1) < 0.01

    def test_what_the_hints_and_the_answer_say(self):
        factor, slope = checks._measured(*checks.PRINTOUT["B"])
        assert f"{slope:.2f}" == "0.48"
        assert factor > 1.2 * slope
        gain, size = checks.PRINTOUT["B"]
        assert checks._measured(gain, size / 15)[0] > 0.9  # smaller inputs would help
        factor, _ = checks._measured(*checks.PRINTOUT["C"])
        assert (f"{factor:.3f}", f"{factor**100:.2f}") == ("0.998", "0.79")

    @pytest.mark.parametrize("size", [0.0, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0])
    def test_gain_of_U_is_factor_over_typical_slope(self, size):
        """Also where the plain mean of the slopes would say that a U of gain 1 stretches."""
        for gain in (0.6, 0.8, 1.0, 1.25, 1.55):
            factor, typical = checks._measured(gain, size)
            assert factor / typical == pytest.approx(gain, rel=0.08)

    def test_the_plain_mean_would_mislead(self):
        cell = network(0.8, "tanh")
        slopes = 1 - unroll(cell, 1.75 * noise(LONGEST, H, 2)[:100]).h ** 2
        assert checks._measured(0.8, 1.75)[0] > slopes.mean()


class TestInfluence:
    def test_numbers_in_the_text(self):
        lab = GradientOrInfluence(t=2)
        fractions = [round(100 * lab.result["fraction"][kind][1]) for kind in ("rnn", "lstm", "gru")]
        assert fractions == [4, 13, 24]
        assert all(lab.result["fraction"][kind].argmax() == 8 for kind in ("rnn", "lstm", "gru"))
        says(lab, "−12.4 (RNN), −9.9 (LSTM) and −11.3 (GRU)", "−0.05 (RNN), −0.24 (LSTM) and +0.39 (GRU)")
        says(GradientOrInfluence(), "+0.53 (RNN), +1.2 (LSTM) and +0.55 (GRU)")

    def test_the_verb_flips(self):
        for kind in ("rnn", "lstm", "gru"):
            curve = GradientOrInfluence(t=2).result["curve"][kind]
            assert curve[0] > 4
            assert curve[-1] < -4

    def test_switch_has_flat_ends_and_a_cliff(self):
        curve = GradientOrInfluence(t=2).result["curve"]["rnn"]
        assert curve[8] > 5.5  # four tenths of the way
        assert curve[11] < -6.4  # little more than half of it

    def test_estimate_is_gradient_times_change_of_word(self):
        """By nudging: a hundredth of the way from *keys* to *key* moves the log-odds by a hundredth of it."""
        words = parse("the keys near the old cabinet behind the door")
        for kind in ("rnn", "lstm", "gru"):
            network = english.load(kind)
            _, odds = english.gradual_swap(network, words, 1, n=10_001)
            estimate = english.influence(network, words).promised[1]
            assert (odds[1] - odds[0]) * 10_000 == pytest.approx(estimate, rel=0.02)

    def test_one_unit_as_a_switch(self):
        assert "-0.059" in stored_text(NOTEBOOK, "switch")
        assert "-1.990" in stored_text(NOTEBOOK, "switch")


@pytest.mark.parametrize("kind", [TwoByTwo, Saturation, InTurn])
def test_what_is_asked_about_is_seen(kind):
    """At the setting of the prediction every curve that it speaks of stays inside its axes."""
    lab = kind(**kind.prediction.at)
    if kind is Saturation:
        assert_inside(lab)
    else:
        largest = np.log10(lab.result["singular"][: lab.n + 1, 0])
        assert lab.LOW < largest.min() <= largest.max() < lab.HIGH
