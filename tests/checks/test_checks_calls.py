"""How a learner's function is run: whatever it does, one sentence comes back."""

import threading
import time
import warnings

import numpy as np
import pytest

from helpers import checks
from helpers.checks import calls
from tests.checks.plain_checks import array, doubling


def test_it_runs_on_copies():
    given = np.ones(2), {"W": np.ones(2)}, [np.ones(2)]

    def spoil(x, weights, rows):
        x *= 0
        weights["W"] *= 0
        rows[0][:] = 0
        return x

    assert checks.call(spoil, *given).sum() == 0
    assert given[0].sum() == given[1]["W"].sum() == given[2][0].sum() == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ZeroDivisionError("division by zero"), "stopped with ZeroDivisionError: division by zero."),
        (KeyError("W_q"), "stopped with KeyError: 'W_q'."),
        (SystemExit(), "exit() or quit(), which ends the whole program. Use return."),
        (RecursionError(), "without end"),
        (BaseException("odd"), "BaseException: odd."),
        (ValueError("two\nlines"), "ValueError: two lines."),
        (ValueError(), "stopped with ValueError."),
        (IndexError("index 6 is out of bounds for axis 0 with size 6"), "one step too far?"),
        (IndexError("only integers"), "IndexError: only integers."),
        (ValueError("operands could not be broadcast together with shapes (3,2) (3,3) "), "`@` is meant?"),
        (ValueError("operands could not be broadcast together with shapes (0,) (3,) "), "append it"),
    ],
)
def test_whatever_it_raises_becomes_a_sentence(error, words):
    def fails(x):
        raise error

    assert words in doubling(fails).message


def test_numpys_own_words_are_made_a_sentence():
    """Its errors say what the hints look for."""
    for function, words in [
        (lambda x: np.ones((2, 3)) @ np.ones(2), "whose two sides do not fit (size 2 is different from 3)."),
        (lambda x: np.ones((2, 3)) @ np.float64(2), "whose two sides do not fit."),
        (lambda x: np.ones((2, 3)) * np.ones(2), "`@` is meant?"),
        (lambda x: x[7], "one step too far?"),
        (lambda x: ... + x, "There are still dots in it."),
    ]:
        assert words in doubling(function).message


def test_a_long_message_is_cut():
    def fails(x):
        raise ValueError("word " * 1000)

    assert len(doubling(fails).message) <= 400
    assert doubling(fails).message.endswith("...")


def test_a_real_interrupt_gets_through():
    def fails(x):
        raise KeyboardInterrupt

    def generates(x):
        yield fails(x)

    with pytest.raises(KeyboardInterrupt):
        doubling(fails)
    with pytest.raises(KeyboardInterrupt):
        array(generates(1))


def test_exit_does_not_shut_the_kernel_down():
    """In a notebook, `exit` is a name in the notebook's own scope; calling it ends the kernel."""
    shut = []
    scope = {"exit": lambda: shut.append(1), "quit": lambda: shut.append(2)}
    exec("def leaves(x):\n    exit()\n\ndef quits(x):\n    quit()\n", scope)
    own = scope["exit"]
    assert "exit() or quit()" in doubling(scope["leaves"]).message
    assert "exit() or quit()" in doubling(scope["quits"]).message
    assert shut == []
    assert scope["exit"] is own


def test_a_loop_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 0.05)

    def forever(x):
        while True:
            pass

    def stubborn(x):
        while True:
            try:
                forever(x)
            except Exception:
                continue

    for function in (forever, stubborn):
        assert (
            "Stopped after 0.05 seconds of computing: is there a loop that never ends?"
            in doubling(function).message
        )
    assert doubling(lambda x: x * 2).right


def test_waiting_is_not_computing(monkeypatch):
    """On a busy computer a right answer waits for its turn, and is not stopped; what waits for ever is."""
    monkeypatch.setattr(calls, "SECONDS", 1)

    def late(x):
        time.sleep(1.5)
        return 2 * x

    assert doubling(late).right
    monkeypatch.setattr(calls, "SECONDS", 0.05)

    def waits(x):
        while True:
            time.sleep(0.001)

    assert "of computing" in doubling(waits).message


def test_what_ends_in_time_is_not_stopped_later(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 0.05)
    before = threading.active_count()
    assert doubling(lambda x: x * 2).right
    until = time.monotonic() + 0.15
    while time.monotonic() < until:
        pass
    assert threading.active_count() == before


def test_warnings_are_silenced_only_within_a_check():
    def warns(x):
        warnings.warn("listen", stacklevel=1)
        return 2 * x + 0 * np.exp(-np.array(1e4)) / np.exp(-np.array(1e4) + 1e4)

    assert doubling(warns).right
    with pytest.warns(UserWarning, match="listen"):
        warnings.warn("listen", stacklevel=1)
    with pytest.raises(RuntimeWarning):
        np.array(1.0) / np.array(0.0)
