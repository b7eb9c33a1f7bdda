"""The memory race: its tracks and lanes, and what the lab keeps and says."""

import math
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.labs.race.lanes import HIGHEST, Lane
from helpers.labs.race.race import ALL, NOBODY, Race, said_of
from helpers.labs.race.setup import (
    EVERY,
    LANES,
    LENGTHS,
    TRACKS,
    Score,
    held_out,
    learn,
    new_model,
)
from helpers.labs.shared.training import Runs
from helpers.tasks import Parity, TemporalOrder

# Tracks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRACKS)
@pytest.mark.parametrize("length", LENGTHS)
def test_track_has_its_lengths_and_is_learnable(name, length):
    track = TRACKS[name]
    task = track.task(length)
    assert getattr(task, "T", 11) == track.lengths[LENGTHS.index(length)] + (20 if name == "copy" else 0)
    model = new_model(task, "GRU, chrono", 1, 4)
    scores = [seen for seen in islice(learn(model, task, 1, B=2), EVERY) if seen]
    assert [seen.update for seen in scores] == [EVERY]
    assert 0 < track.left(task, scores[0]) < 20


def test_share_left_runs_from_1_to_0():
    """It is 1 at the baseline and 0 where everything is right."""
    adding, order = TRACKS["adding"], TRACKS["temporal order"]
    assert adding.left(adding.task("short"), Score(1, 1 / 6, 0.1)) == pytest.approx(1)
    assert order.left(order.task("short"), Score(1, 9.9, 0.25)) == pytest.approx(1)
    assert order.left(order.task("short"), Score(1, 9.9, 1.0)) == 0
    assert order.is_solved(order.task("short"), Score(1, 9.9, 0.97))
    assert not order.is_solved(order.task("short"), Score(1, 0.0, 0.96))
    assert not order.is_solved(order.task("short"), Score(1, 0.0, 1.0, diverged=True))
    reber = TRACKS["embedded Reber"]
    assert reber.left(reber.task("long"), Score(1, 0.4, 0.75)) == pytest.approx(0.5)
    text = TRACKS["next character"]
    task = text.task("short")
    assert text.is_solved(task, Score(1, 0.99 * task.baseline, 0.1))
    assert not text.is_solved(task, Score(1, 1.01 * task.baseline, 0.9))
    assert not text.rests


def test_the_lanes_start_as_their_names_say():
    task = TemporalOrder(60)
    cells = {name: new_model(task, name, 3, 16).cell for name in LANES}
    for name, b_f in (("LSTM, b_f = 0", 0), ("LSTM, b_f = 1", 1), ("LSTM, keep long", math.log(60))):
        np.testing.assert_allclose(cells[name]["b_f"], b_f, rtol=1e-6)
    np.testing.assert_allclose(cells["LSTM, keep long"]["b_i"], -math.log(60), rtol=1e-6)
    np.testing.assert_allclose(cells["LSTM, chrono"]["b_i"], -cells["LSTM, chrono"]["b_f"], rtol=1e-6)
    assert (cells["LSTM, b_f = 1"]["b_i"] == 0).all()
    assert (cells["GRU"].b == 0).all()
    assert cells["GRU, chrono"]["b_z"].std() > 0.3
    assert cells["linear RNN"].activation == "linear"
    for name in ("LSTM, b_f = 1", "LSTM, keep long", "LSTM, chrono"):  # only the biases differ
        np.testing.assert_array_equal(cells[name].W, cells["LSTM, b_f = 0"].W)
    assert cells.pop("minGRU").U.size == cells.pop("LRU").U.size == 0
    for cell in cells.values():
        U = cell.U[:16].astype(float)
        np.testing.assert_allclose(U @ U.T, np.eye(16), atol=1e-5)


def test_seed_gives_all_lanes_the_same_batches(monkeypatch):
    seen = []

    class Watched(Parity):
        def batch(self, rng, B):
            batch = super().batch(rng, B)
            seen.append(batch.x)
            return batch

    task = Watched(6)
    for lane in ("RNN", "GRU"):
        list(islice(learn(new_model(task, lane, 2, 4), task, 2), 3))
    first, second = seen[:4], seen[4:]
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_what_is_held_out_is_no_batch():
    for name, track in TRACKS.items():
        task = track.task("short")
        judged, batch = held_out(task), task.batch(np.random.default_rng(1), 32)
        if name not in ("parity", "embedded Reber", "agreement"):  # there short sequences recur by themselves
            rows = {x.tobytes() for x in batch.x.transpose(2, 0, 1)}
            assert not rows & {x.tobytes() for x in judged.x.transpose(2, 0, 1)}, name


# Lanes -----------------------------------------------------------------------------------------------


def test_lane_rests_once_it_has_solved_it():
    """Its curve holds the scores that were seen."""
    track = TRACKS["parity"]
    lane = Lane(track, track.task("short"), "GRU", (1, 2), 200, lr=0.01)
    for update in range(1, 201):
        lane.advance(update)
    runs = lane.runs
    assert lane.ended
    assert set(runs.solved) == {1, 2}
    for seed, solved in runs.solved.items():
        assert solved % EVERY == 0
        assert len(runs.curves[seed]) == solved
        scores = lane.scores[seed]
        for seen in scores[1:]:
            left = min(track.left(lane.task, seen), HIGHEST)
            assert runs.curves[seed][seen.update - 1] == pytest.approx(left)
        assert track.left(lane.task, scores[-1]) < 0.05 <= track.left(lane.task, scores[-2])


@pytest.mark.parametrize(("name", "learns"), [("minGRU", True), ("LRU", False)])
def test_min_gru_learns_adding_and_lru_does_not(name, learns):
    """To add the marked numbers is to multiply two inputs, which no linear cell does."""
    track = TRACKS["adding"]
    lane = Lane(track, track.task("short"), name, (1,), 400, lr=0.01)
    for update in range(1, 401):
        lane.advance(update)
    left = track.left(lane.task, lane.scores[1][-1])
    assert left < 0.5 if learns else left > 0.8


def test_lane_with_a_baseline_to_beat_goes_on():
    track = TRACKS["sunspots"]
    lane = Lane(track, track.task("short"), "RNN", (1,), 60, lr=0.01)
    for update in range(1, 61):
        lane.advance(update)
    assert lane.runs.solved[1] < 60
    assert len(lane.runs.curves[1]) == 60
    assert lane.runs.failed == ()


def test_a_diverging_run_says_so_and_where():
    lab = Race(
        task="adding",
        length="long",
        lane_1="linear RNN",
        lane_2=NOBODY,
        lane_3=NOBODY,
        rate="0.1",
        clip=False,
    )
    lab.seeds = 1
    lab.run()
    (lane,) = lab.lanes.values()
    (update,) = lane.diverged.values()
    assert f"linear RNN: 1 of 1 diverged, first at update {update}." in lab.readout_text
    x, y = lab._diverged.get_data()
    assert list(x) == [update]
    assert y[0] <= HIGHEST
    assert lane.runs.failed == (1,)


@pytest.mark.parametrize(
    ("task", "runs", "diverged", "said"),
    [
        (
            "copy",
            Runs({1: [0.1], 2: [9.0]}, {1: 90}, (2,)),
            {2: 40},
            "1 of 2 solved by update 90, 1 diverged.",
        ),
        ("copy", Runs({1: [9.0], 2: [0.4]}, {}, (1, 2)), {1: 40}, "1 of 2 diverged, first at update 40."),
        ("copy", Runs({1: [0.0], 2: [0.0]}, {1: 90, 2: 120}, ()), {}, "2 of 2 solved by update 120."),
        ("copy", Runs({1: [0.5], 2: [0.7]}, {}, (1, 2)), {}, "0 of 2 solved, 0.60 left."),
        ("copy", Runs({1: [0.5], 2: [0.7]}, {}, ()), {}, "0.60 left to learn."),
        (
            "sunspots",
            Runs({1: [0.5], 2: [0.7]}, {1: 10, 2: 20}, ()),
            {},
            "2 of 2 beat the line by update 20.",
        ),
    ],
)
def test_a_lane_is_said_in_one_sentence(task, runs, diverged, said):
    ended = runs.ended == 2
    lane = SimpleNamespace(track=TRACKS[task], runs=runs, models={1: 0, 2: 0}, diverged=diverged, ended=ended)
    assert said_of("GRU", lane) == f"GRU: {said}"


# The lab ---------------------------------------------------------------------------------------------


def small(**controls):
    return Race(**{"task": "parity", "length": "short", "seeds": 2} | controls)


def test_it_runs_stops_and_keeps_what_was_learnt():
    lab = small()
    assert lab.readout_text.endswith("This has not been raced yet: press Run.")
    lab.run(90)
    before = lab.readout_text
    assert "left to learn" in before or "solved by" in before
    assert {name: len(lane.models) for name, lane in lab.lanes.items()} == dict.fromkeys(lab.front, 2)
    lab.rate = "0.03"
    assert "not been raced" in lab.readout_text
    lab.rate = "0.01"
    assert lab.readout_text == before


def test_earlier_lane_stays_pale_beside_new_ones():
    lab = small(lane_1="GRU", lane_2=NOBODY, lane_3=NOBODY, seeds=1)
    lab.run()
    lab.lane_1 = "LSTM, b_f = 1"
    lab.run()
    assert list(lab.result["kept"]) == ["GRU", "LSTM, b_f = 1"]
    assert lab.readout_text.count("solved by") == 1


def test_lab_keeps_as_many_lanes_as_rows():
    lab = small(lane_2=NOBODY, lane_3=NOBODY, seeds=1)
    for name in LANES:
        lab.lane_1 = name
        lab.run(2)
    assert len(lab.result["kept"]) == 6
    assert list(lab.result["kept"])[-1] == list(LANES)[-1]


def test_the_same_lane_twice_is_one():
    assert small(lane_1="GRU", lane_2="GRU", lane_3="RNN").front == ["GRU", "RNN"]


def test_error_signal_goes_back_k_steps(monkeypatch):
    import helpers.labs.race.setup as setup

    asked, real = [], setup.fit

    def spy(*args, cut=None, **options):
        asked.append(cut)
        return real(*args, cut=cut, **options)

    monkeypatch.setattr(setup, "fit", spy)
    for k, cut in ((10, 10), (ALL, None)):
        small(k=k, seeds=1, lane_2=NOBODY, lane_3=NOBODY).run(1)
        assert asked.pop() == cut
