"""Sound: reading a .wav file, and how loud each frequency band is, frame by frame."""

import io
import wave

import numpy as np

FLOOR = 1e-4  # energy added to each band of a spectrum, so that silence has a logarithm


def read_wav(content, name):
    """The sound in the bytes of a .wav file.

    Parameters
    ----------
    content : bytes
        The whole file: one channel, 16 bits per sample, as most recorders can write it.
    name : str
        What an error message calls it.

    Returns
    -------
    samples : numpy.ndarray
        (N,), from -1 to 1.
    rate : int
        Samples per second.

    Raises
    ------
    ValueError
        If it is not such a file, or has no sound in it.
    """
    try:
        with wave.open(io.BytesIO(content)) as file:
            kind = file.getnchannels(), file.getsampwidth()
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError, TypeError, ZeroDivisionError) as error:
        raise ValueError(f"{name} cannot be read as sound: it must be a .wav file ({error}).") from None
    if kind != (1, 2):
        channels, size = kind
        raise ValueError(f"{name} must have 1 channel and 16 bits per sample; got {channels} and {8 * size}.")
    samples = np.frombuffer(frames[: len(frames) // 2 * 2], "<i2")
    if not len(samples):
        raise ValueError(f"{name} must have sound in it; it has no samples.")
    return samples / 32768, rate


def spectrum(samples, rate, bands=16, frame=0.024, hop=0.008):
    """Speech as a sequence: how loud each frequency band is, frame by frame.

    The bands are triangles, evenly spaced on the mel scale, on which equal steps sound equal (O'Shaughnessy
    1987): mel = 2595 log10(1 + f/700).

    Parameters
    ----------
    samples : array_like
        (N,), at least one frame long.
    rate : int
        Samples per second.
    bands : int
        D, the number of bands between 0 Hz and half the rate.
    frame, hop : float
        Length of a frame, and time from one to the next, in seconds.

    Returns
    -------
    numpy.ndarray
        Natural logarithm of the energy in each band, (T, D, 1). It is at least log(FLOOR).

    Raises
    ------
    ValueError
        If `samples` is not one row of numbers, or shorter than one frame.
    """
    samples = np.asarray(samples, dtype=float)
    length, step = round(frame * rate), round(hop * rate)
    if samples.ndim != 1 or len(samples) < length:
        raise ValueError(f"samples must have the shape (N,), N >= {length}; got {samples.shape}.")
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::step]
    points = 2 * 2 ** int(np.ceil(np.log2(length)))  # padded with zeros, since the lowest bands are narrow
    power = np.abs(np.fft.rfft(frames * np.hanning(length), points)) ** 2 / points
    return np.log(power @ _mel_bands(bands, points, rate) + FLOOR)[:, :, None]


def _mel_bands(bands, points, rate):
    """Triangles over the frequencies of an FFT, (points/2 + 1, bands)."""
    edges = np.linspace(0, 2595 * np.log10(1 + rate / 2 / 700), bands + 2)
    edges = 700 * (10 ** (edges / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    f = np.fft.rfftfreq(points, 1 / rate)[:, None]
    return np.clip(np.minimum((f - low) / (middle - low), (high - f) / (high - middle)), 0, None)
