"""The stored networks: that they load, that a learner's own file does, and what is said of them."""

import json

import numpy as np
import pytest

from helpers import english
from helpers.english.agreement import Agreement
from helpers.english.network import make
from helpers.tasks import data
from tools.measure_reading import measure

RESULTS = json.loads((data.FOLDER / "reading_results.json").read_text())
KINDS = ("rnn", "lstm", "gru")


def entries(kind="lstm"):
    return data.load_reading(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_stored_network_has_about_ten_thousand_parameters(kind):
    """It says how it was made."""
    network = english.load(kind)
    assert network.kind == kind
    assert RESULTS["sizes"][kind] == network.H
    assert 10_000 <= network.model.n_parameters <= 10_800
    assert network.settings.keys() == RESULTS["training"].keys()
    assert network.cell.dtype == np.float64


def test_what_is_saved_is_what_is_loaded(tmp_path):
    network = english.Network("gru", make("gru", 5, rng=3, dtype=np.float32), {"seed": 3})
    english.save(tmp_path / "own.npz", network)
    again = english.load(tmp_path / "own.npz")
    assert (again.kind, again.H, again.settings) == ("gru", 5, {"seed": 3})
    for name, value in network.model.parameters.items():
        assert (again.model.parameters[name] == value).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"U": None}, "own.npz needs the entries kind, W, U, b, V, b_y; it lacks U."),
        ({"kind": None, "V": None}, "it lacks kind, V."),
        ({"kind": "elman"}, "own.npz: kind must be one of rnn, lstm, gru, mingru; it is 'elman'."),
        ({"W": np.zeros((128, 35))}, "own.npz: W must have the shape (G*H, D) = (128, 36); got (128, 35)."),
        ({"b": np.zeros(128)}, "own.npz: b must have the shape (G*H, 1) = (128, 1); got (128,)."),
        ({"b_y": np.zeros((35, 1))}, "own.npz: b_y must have the shape (K, 1) = (36, 1); got (35, 1)."),
        ({"V": np.zeros((36, 0))}, "own.npz: V must have the shape"),
        ({"U": np.full((128, 32), np.nan)}, "own.npz: U must hold finite numbers; got nan"),
        ({"V": np.array([["a"]])}, "own.npz: V must hold real numbers"),
        (
            {"words": np.array(["a", "b"])},
            "own.npz was trained with other words; it needs the 36 of this one.",
        ),
    ],
)
def test_file_that_does_not_fit_gets_one_sentence(tmp_path, change, said):
    made = {k: v for k, v in (entries() | change).items() if v is not None}
    np.savez(tmp_path / "own.npz", **made)
    with pytest.raises(ValueError, match=r"own\.npz") as caught:
        english.load(tmp_path / "own.npz")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_settings_may_be_left_out(tmp_path):
    made = {k: v for k, v in entries().items() if k not in ("settings", "words")}
    np.savez(tmp_path / "own.npz", **made)
    assert english.load(tmp_path / "own.npz").settings == {}


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken", None, "array", "objects"])
def test_unreadable_file_gets_one_sentence(tmp_path, content):
    path = tmp_path / "own.npz"
    if content == "array":
        with open(path, "wb") as file:
            np.save(file, np.zeros(3))
    elif content == "objects":
        np.savez(path, kind=np.array([{}], dtype=object))
    else:
        path.write_bytes(
            content if content is not None else (data.FOLDER / "reading_lstm.npz").read_bytes()[:999]
        )
    with pytest.raises(ValueError, match=r"own.npz cannot be read: it must be a .npz file"):
        english.load(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*none\.npz: give the path"):
        english.load(tmp_path / "none.npz")


# What is said of them -------------------------------------------------------------------------------


def numbers(found, name=""):
    """Every number in a tree of dicts and lists, by the way to it."""
    if isinstance(found, dict | list):
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            yield from numbers(value, f"{name} / {key}")
    else:
        yield name, found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_stored_results_belong_to_the_stored_networks(kind):
    network = english.load(kind)
    stored = next(f for f in RESULTS["networks"][kind] if f["seed"] == network.settings["seed"])
    again = dict(numbers(measure(network)))
    assert again == {name: pytest.approx(value, rel=0.01, abs=0.02) for name, value in numbers(stored)}
    assert again[" / divergence"] == pytest.approx(stored["divergence"], abs=1e-4)


def of(kind):
    """The results of the five networks of a cell."""
    found = RESULTS["networks"][kind]
    assert [f["seed"] for f in found] == [0, 1, 2, 3, 4]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_all_reach_full_agreement_whatever_stands_in_between(kind):
    for found in of(kind):
        assert found["divergence"] < 0.006 < 0.01 * Agreement().best
        assert set(found["agreement by attractors"].values()) == {1.0}
        assert set(found["agreement by distance"].values()) == {1.0}


def test_number_is_carried_by_one_lstm_unit():
    """One or two units of a GRU carry it, and no single one of an RNN."""
    assert all(max(f["exchange of one unit"].values()) >= 0.97 for f in of("lstm"))
    assert [len(f["units that carry the number"]) for f in of("lstm")] == [1] * 5
    assert [len(f["units that carry the number"]) for f in of("gru")] == [2, 1, 1, 1, 1]
    assert all(max(f["exchange of one unit"].values()) <= 0.06 for f in of("rnn"))
    assert {len(f["units that carry the number"]) for f in of("rnn")} == {2, 3}


def test_b_f_minus_4_breaks_agreement_with_distance():
    """It is the bias of the unit that carries the number."""
    for found in of("lstm"):
        near, *further = found["b_f -4"]["agreement by distance"].values()
        assert near == 1
        assert further == sorted(further, reverse=True)
        assert further[-1] < 0.6
        assert found["b_f -4"]["agreement by attractors"]["3 or more"] < 0.3  # the last noun wins


def test_shut_forget_gate_costs_one_number_or_both():
    """An open input gate costs nothing."""
    after = [found["shut at one noun"] for found in of("lstm")]
    assert [(round(a["singular"]), round(a["plural"])) for a in after] == [
        (1, 0),
        (0, 1),
        (0, 0),
        (0, 0),
        (0, 1),
    ]
    for found in of("lstm"):
        assert set(found["input gate open at one noun"].values()) == {1.0}


def test_gru_keeping_gate_is_mostly_shut():
    """It writes the number anew at each step; only seed 1 keeps it as an LSTM does."""
    kept = [found["keeping gate of that unit"] for found in of("gru")]
    assert [k > 0.5 for k in kept] == [False, True, False, False, False]
    assert all(found["keeping gate of that unit"] > 0.7 for found in of("lstm"))


@pytest.mark.parametrize("kind", KINDS)
def test_subject_is_a_switch_with_a_cliff(kind):
    """It is flat at both ends."""
    for found in (f["subject swapped little by little"] for f in of(kind)):
        assert abs(found["first tenth"]) < 0.03
        assert abs(found["last tenth"]) < 0.05
        assert found["steepest fifth"] > 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_smaller_gradient_has_the_larger_influence(kind):
    for found in (f["gradient and swap"] for f in of(kind)):
        assert found["dh subject over largest"] < 0.25
        assert found["promised subject"] < found["promised last noun"]
        assert found["moved subject"] > 10 * found["moved last noun"]
        assert found["moved subject"] > 8 * found["promised subject"]
