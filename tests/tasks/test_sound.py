"""Sound: what a .wav file holds, what is said of one that cannot be read, and what a spectrum sees."""

import io
import wave

import numpy as np
import pytest

from helpers.tasks import sound


def wav(samples, channels=1, size=2, rate=8000):
    """The bytes of a .wav file, as the standard library writes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((channels, size, rate, 0, "NONE", ""))
        out.writeframes(np.asarray(samples, "<i2").tobytes())
    return file.getvalue()


def test_what_was_written_is_read():
    samples, rate = sound.read_wav(wav([0, 16384, -32768], rate=11025), "own.wav")
    assert rate == 11025
    np.testing.assert_array_equal(samples, [0, 0.5, -1])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "own.wav cannot be read as sound: it must be a .wav file"),
        (b"ID3 this is an mp3" * 9, "own.wav cannot be read as sound: it must be a .wav file"),
        (wav([1, 2])[:30], "own.wav cannot be read as sound: it must be a .wav file"),
        (wav([1, 2], channels=2), "own.wav must have 1 channel and 16 bits per sample; got 2 and 16"),
        (wav([1, 2], size=1), "own.wav must have 1 channel and 16 bits per sample; got 1 and 8"),
        (wav([]), "own.wav must have sound in it; it has no samples"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(content, said):
    with pytest.raises(ValueError, match=said) as caught:
        sound.read_wav(content, "own.wav")
    assert "\n" not in str(caught.value)


def test_a_file_cut_short_gives_what_is_there():
    assert len(sound.read_wav(wav(range(100))[:-51], "own.wav")[0]) == 74


def test_spectrum_peaks_in_the_band_of_its_tone():
    """The middle of band k lies at (k + 1)/(D + 1) of the mel scale."""
    seconds = np.arange(4000) / 8000
    top = 2595 * np.log10(1 + 4000 / 700)
    for k in range(16):
        f = 700 * (10 ** (top * (k + 1) / 17 / 2595) - 1)
        x = sound.spectrum(np.sin(2 * np.pi * f * seconds), 8000)
        assert x.shape == (1 + (4000 - 192) // 64, 16, 1)
        assert (x[:, :, 0].argmax(axis=1) == k).all()


def test_a_spectrum_sees_when():
    samples = np.zeros(8000)
    samples[4000:] = np.random.default_rng(0).standard_normal(4000)
    x = sound.spectrum(samples, 8000)[:, :, 0]
    first = np.flatnonzero((x > np.log(sound.FLOOR) + 1e-9).any(axis=1))[0]
    assert 4000 - 192 - 64 < 64 * first <= 4000
    assert x[0] == pytest.approx(np.log(sound.FLOOR))


@pytest.mark.parametrize("shape", [(191,), (0,), (500, 1)])
def test_what_a_spectrum_does_not_take(shape):
    with pytest.raises(ValueError, match=r"samples must have the shape \(N,\), N >= 192; got"):
        sound.spectrum(np.zeros(shape), 8000)
