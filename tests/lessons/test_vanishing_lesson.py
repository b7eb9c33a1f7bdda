"""What lesson 3 says of gradients that vanish or explode, and of what makes them do so."""

import numpy as np
import pytest

from helpers import english
from helpers.checks import vanishing as checks
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.english.sentences import parse
from helpers.labs.vanishing.influence import GradientOrInfluence
from helpers.labs.vanishing.norms import LONGEST, GradientNorms, H, network
from helpers.labs.vanishing.saturation import Saturation
from helpers.labs.vanishing.two_by_two import InTurn, TwoByTwo
from helpers.tasks import noise
from tests.lessons.lesson import assert_inside, says, stored_text

NOTEBOOK = "03_vanishing_gradients"


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
