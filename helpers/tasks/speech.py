"""Spoken digits, frame by frame: ten recordings of a speech synthesiser, varied at random."""

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks import data, sound
from helpers.tasks.base import Batch, Task, at_least

TEMPO = 0.15  # at most this much faster or slower
NOISE = 0.01  # energy of the noise in each band, as a share of the mean energy of a recording
ROOM = 1.05  # length of a sequence over that of the longest recording at its slowest


@dataclass(frozen=True)
class SpokenDigits(Task):
    """Name the digit that was spoken, after the last frame.

    Each step reads how loud each of 16 frequency bands is (`sound.spectrum`). There are only ten
    recordings, one for each digit, all in one synthetic voice (data/README.md). Each sequence is one of
    them, started at a random moment, up to 15 % faster or slower, up to twice or down to half as loud, in
    noise. So what a network learns is to tell ten recordings apart under all that, and **not** to
    understand speech.

    Parameters
    ----------
    T : int
        Steps, 10 or more: they share the time of the longest recording.
    """

    T: int = 50
    D: ClassVar[int] = 16
    K: ClassVar[int] = 10
    loss: ClassVar[str] = "cross_entropy"
    baseline: ClassVar[float] = math.log(10)  # all ten are equally likely
    chance: ClassVar[float] = 1 / 10

    def __post_init__(self):
        at_least(self.T, "T", 10)

    def batch(self, rng, B):
        """B new sequences, (T, 16, B); the target is (B,)."""
        rng, B = arguments.generator(rng), arguments.size(B, "B")
        target = rng.integers(0, 10, B)
        lengths = np.array([len(energy) - 1 for energy in _energies()])
        step = lengths.max() / (1 - TEMPO) * ROOM / self.T  # frames of the recording per step
        tempo = rng.uniform(1 - TEMPO, 1 + TEMPO, B)
        free = self.T - lengths[target] / (step * tempo)  # steps of silence
        frames = (np.arange(self.T)[:, None] - rng.random(B) * free) * step * tempo
        spoken = np.stack([_energies_at(_energies()[k], frames[:, b]) for b, k in enumerate(target)], axis=2)
        loud = np.exp2(rng.uniform(-1, 1, B)) * spoken + NOISE * rng.exponential(size=spoken.shape)
        return Batch((np.log(loud) - math.log(NOISE)) / 4, target)


def _energies_at(energy, frames):
    """The energies (len(frames), 16) at times between the frames of a recording; 0 outside it."""
    inside = (frames >= 0) & (frames <= len(energy) - 1)
    first = np.clip(frames.astype(int), 0, len(energy) - 2)
    share = (frames - first)[:, None]
    return np.where(inside[:, None], (1 - share) * energy[first] + share * energy[first + 1], 0)


@functools.cache
def _energies():
    """The energy in each band, (frames, 16), for each digit; its mean is 1."""
    spectra = [sound.spectrum(*recording)[:, :, 0] for recording in data.load_speech().values()]
    energies = [np.exp(spectrum) - sound.FLOOR for spectrum in spectra]
    return [np.maximum(energy / energy.mean(), 0) for energy in energies]
