"""What lesson 3 says of the product of Jacobians, by hand and for two units."""

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.labs.vanishing.two_by_two import InTurn, TwoByTwo
from tests.lessons.lesson import says, stored_text

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
