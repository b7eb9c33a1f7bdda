"""Make data/speech/: the words zero to nine, spoken by espeak-ng, as 8 kHz mono wav files of 16 bits.

Needs espeak-ng on the path: `python data/make/speech.py`. The stored files are from espeak-ng 1.51.
"""

import pathlib
import subprocess
import tempfile
import wave

import numpy as np

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
OUT = pathlib.Path(__file__).resolve().parents[1] / "speech"
RATE = 8000
PASS = 3600  # Hz: what lies above is removed before the rate is lowered, or it would fold back
REACH = 0.01  # seconds of the filter to either side
VOICE, WORDS_A_MINUTE = "en-gb", 100
QUIET = 0.003  # of the peak: before and after the word, what is below is cut away
MARGIN = 0.04  # seconds of the sound around the word that stay


def spoken(word):
    """The samples of a word, between -1 and 1, and their rate in Hz."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "word.wav"
        subprocess.run(
            ["espeak-ng", "-v", VOICE, "-s", str(WORDS_A_MINUTE), "-w", str(path), word], check=True
        )
        with wave.open(str(path)) as sound:
            return np.frombuffer(sound.readframes(-1), "<i2") / 32768, sound.getframerate()


def resampled(samples, rate):
    """The same sound at RATE: a low-pass filter (a sinc under a Hann window), read at the new times."""
    reach = int(REACH * rate)
    times = np.arange(int(len(samples) * RATE / rate)) * rate / RATE
    nearest = np.round(times).astype(int)
    near = nearest[:, None] + np.arange(-reach, reach + 1)
    away = near - times[:, None]
    weights = np.sinc(2 * PASS / rate * away) * np.cos(np.pi / 2 * away / (reach + 1)) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    return (np.pad(samples, reach + 1)[near + reach + 1] * weights).sum(axis=1)


def trimmed(samples):
    """The word with little silence around it, and as loud as it can be."""
    samples = samples / np.abs(samples).max()
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    margin = int(MARGIN * RATE)
    return 0.95 * samples[max(0, loud[0] - margin) : loud[-1] + margin]


def main():
    """Write the ten files."""
    OUT.mkdir(exist_ok=True)
    for word in DIGITS:
        samples = trimmed(resampled(*spoken(word)))
        with wave.open(str(OUT / f"{word}.wav"), "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
            sound.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
