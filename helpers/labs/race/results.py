"""What `tools/measure_race.py` has found, as lesson 8 shows it. No lab is here."""

import functools
import math

import numpy as np

from helpers.engine import arguments
from helpers.labs.race.setup import LENGTHS, MEASURED
from helpers.tasks import data

RATE, RATES = 0.01, (0.003, 0.01, 0.03)
"""The learning rate of the race, and all that were measured."""

HEADS = {
    "LSTM, b_f = 0": "b_f = 0",
    "LSTM, b_f = 1": "b_f = 1",
    "LSTM, keep long": "keep",
    "LSTM, chrono": "chrono",
}
"""The head of a lane's column in a table, where it is not the lane's name."""


@functools.cache
def rows():
    """All rows, each a dict; see `data.load_race`."""
    return data.load_race()


def long_run():
    """The digits that were learnt with 64 units: rows, in the order of cell, learning rate, seed."""
    return [row for row in rows() if row["H"] == 64]


def lanes():
    """The lanes that were measured, in order."""
    return list(MEASURED)


@functools.cache
def measured(task, length, rate=RATE):
    """What was found for a task of a length at a learning rate.

    Parameters
    ----------
    task : str
        Of `TRACKS`.
    length : {"short", "middle", "long"}
        Of the task.
    rate : float
        Of `RATES`.

    Returns
    -------
    dict
        From each lane to its rows, one per seed; empty if it was not measured.
    """
    found = {lane: [] for lane in lanes()}
    for row in rows():
        if (row["task"], row["length"], row["lr"]) == (task, length, rate) and row["H"] < 64:
            found[row["lane"]].append(row)
    return {lane: sorted(own, key=lambda row: row["seed"]) for lane, own in found.items() if own}


def best(task, length):
    """The same with each lane at its best rate of `RATES`, as far as they were measured.

    Best is the rate at which most seeds solve the task; of several such rates, the one with the fewest
    updates in the median.
    """
    found = [by_lane for rate in RATES if (by_lane := measured(task, length, rate))]
    return {lane: max((by_lane[lane] for by_lane in found), key=_success) for lane in lanes() if found}


def _success(own):
    solved = times(own)
    return len(solved), -np.median(solved) if solved else -math.inf


def times(own):
    """After how many updates the task was solved, in ascending order: of the seeds that solved it."""
    return sorted(row["updates"] for row in own if row["updates"])


def in_short(own):
    """The rows of a lane in a few characters: how many seeds solved it, and the median of their updates."""
    solved = times(own)
    return f"{len(solved)}/{len(own)}" + (f" {np.median(solved):.0f}" if solved else "")


def seconds(task, length, lane):
    """How long a lane took.

    Parameters
    ----------
    task, length, lane : str
        As in `measured`.

    Returns
    -------
    float
        Seconds of processor time: the median of the seeds, solved or not.

    Raises
    ------
    KeyError
        If it was not measured.
    """
    return np.median([row["seconds"] for row in measured(task, length)[lane]])


def table(length, names, find=measured):
    """Lines of a table: one row per task, one column per lane.

    Parameters
    ----------
    length : {"short", "middle", "long"}
        Of the tasks.
    names : iterable of str
        The tasks. Those that were not measured at this length are left out.
    find : callable
        `measured`, or `best`.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there is no such length.
    """
    if length not in LENGTHS:
        raise ValueError(f"length must be one of {', '.join(LENGTHS)}; got {arguments.quoted(length)}.")
    lines = [f"{length:16}" + "".join(f"{HEADS.get(lane, lane):>12}" for lane in lanes())]
    for task in names:
        found = find(task, length)
        if found:
            lines.append(f"{task:16}" + "".join(f"{in_short(found[lane]):>12}" for lane in lanes()))
    return lines
