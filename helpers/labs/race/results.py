"""What `tools/measure_race.py` has found, as notebook 06 shows it. No lab is here."""

import functools

import numpy as np

from helpers.engine import arguments
from helpers.labs.race.setup import LENGTHS
from helpers.tasks import data


@functools.cache
def rows():
    """All rows, each a dict; see `data.load_race`."""
    return data.load_race()


def long_run():
    """The digits that were learnt longer: rows, in the order of cell, learning rate, seed."""
    return [row for row in rows() if row["H"] == 64]


def lanes():
    """The lanes that were measured, in order."""
    return list(dict.fromkeys(row["lane"] for row in rows() if row["H"] < 64))


def measured(task, length):
    """What was found for a task of a length.

    Returns
    -------
    dict
        From each lane to its rows, one a seed; empty if it was not measured.
    """
    found = {lane: [] for lane in lanes()}
    for row in rows():
        if (row["task"], row["length"]) == (task, length) and row["H"] < 64:
            found[row["lane"]].append(row)
    return {lane: sorted(own, key=lambda row: row["seed"]) for lane, own in found.items() if own}


def in_short(own):
    """The rows of a lane in a few characters: how many seeds solved it, and the median of their updates."""
    times = [row["updates"] for row in own if row["updates"]]
    return f"{len(times)}/{len(own)}" + (f" {np.median(times):.0f}" if times else "")


def seconds(task, length, lane):
    """How long a lane took.

    Parameters
    ----------
    task, length, lane : str
        As in `measured`.

    Returns
    -------
    float
        Seconds of processor: the median of the seeds, solved or not.

    Raises
    ------
    KeyError
        If it was not measured.
    """
    return np.median([row["seconds"] for row in measured(task, length)[lane]])


def table(length, names):
    """Lines of a table: a task a row, a lane a column.

    Parameters
    ----------
    length : {"short", "middle", "long"}
        Of the tasks.
    names : iterable of str
        The tasks.

    Returns
    -------
    list of str
    """
    if length not in LENGTHS:
        raise ValueError(f"length must be one of {', '.join(LENGTHS)}; got {arguments.quoted(length)}.")
    heads = [lane.replace("LSTM, ", "").replace("keep long", "keep") for lane in lanes()]
    lines = [f"{length:16}" + "".join(f"{head:>12}" for head in heads)]
    for task in names:
        if own := measured(task, length):
            lines.append(f"{task:16}" + "".join(f"{in_short(own.get(lane, [])):>12}" for lane in lanes()))
    return lines
