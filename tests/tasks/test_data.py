"""The real sequences: what data/ holds is what its README says, and the loaders say when it is not."""

import hashlib
import re
import shutil

import numpy as np
import pytest

from helpers.tasks import data

README = (data.FOLDER / "README.md").read_text(encoding="utf-8")
STORED = dict(re.findall(r"^\| `(\S+)` \| `([0-9a-f]{64})` \|$", README, re.MULTILINE))
LOADERS = {
    "text.txt": data.load_text,
    "speech/six.wav": data.load_speech,
    "sunspots.csv": data.load_sunspots,
    "digits.npz": data.load_digits,
    "start_race.csv": data.load_start_race,
    "race.csv": data.load_race,
    "carriers.csv": data.load_carriers,
    "reading_rnn.npz": lambda: data.load_reading("rnn"),
    "reading_lstm.npz": lambda: data.load_reading("lstm"),
    "reading_gru.npz": lambda: data.load_reading("gru"),
    "reading_mingru.npz": lambda: data.load_reading("mingru"),
    "without_h.json": data.load_without_h,
}


@pytest.mark.parametrize("name", STORED)
def test_a_file_has_the_checksum_of_the_readme(name):
    assert hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() == STORED[name]


def test_readme_and_list_agree_on_every_checksum():
    """Both name every file."""
    lines = (data.FOLDER / "SHA256SUMS").read_text().splitlines()
    assert {name: digest for digest, name in (line.split() for line in lines)} == STORED
    kinds = (".txt", ".wav", ".csv", ".npz", ".json")
    files = [p for p in data.FOLDER.rglob("*") if p.suffix in kinds]
    assert {p.relative_to(data.FOLDER).as_posix() for p in files} == set(STORED)


def test_it_is_small():
    assert sum(p.stat().st_size for p in data.FOLDER.rglob("*") if p.is_file()) < 560_000


def test_the_text_is_what_the_readme_says():
    text = data.load_text()
    assert f"{len(text.split())} words, {len(text):,} characters of {len(set(text))} kinds" in README
    assert "\r" not in text
    assert "\n" not in text[:100]


def test_the_start_race_is_what_the_readme_says():
    rows = data.load_start_race()
    assert f"{len(rows)} rows: {', '.join(list(rows[0])[:1])} (steps)" in README
    assert list(rows[0]) == ["T", "b_f", "b_i", "units", "U", "kernel", "seed", "updates"]
    assert {row["units"] for row in rows} == {"all alike", "spread"}
    assert all(row["updates"] == 0 or 20 <= row["updates"] <= 500 for row in rows)
    assert isinstance(rows[0]["b_f"], float)


def test_the_carriers_are_what_the_readme_says():
    rows = data.load_carriers()
    assert f"{len(rows)} rows: cell; seed; the place of the word, from 2" in README
    assert {(row["cell"], row["seed"]) for row in rows} == {(c, s) for c in ("LSTM", "GRU") for s in range(5)}
    assert [row["word"] for row in rows] == [*range(2, 9)] * 10
    assert all(len(set(row["units"])) == len(row["units"]) > 0 for row in rows)
    assert all(list(row["after"]) == [*range(2, 9)] for row in rows)
    assert all(0 <= rate <= 1 for row in rows for rate in row["after"].values())


def test_the_race_is_what_the_readme_says():
    rows = data.load_race()
    assert f"{len(rows):,} rows: task, length, T" in README
    assert {row["kernel"] for row in rows} == {"Haswell"}
    assert {row["lane"] for row in rows} >= {"RNN", "LSTM, keep long", "GRU"}
    assert all(row["updates"] == 0 or 10 <= row["updates"] <= row["n_steps"] for row in rows)
    assert all(0 <= row["accuracy"] <= 1 for row in rows)
    assert isinstance(rows[0]["lr"], float)


def test_quotation_marks_and_brackets_all_close():
    opened = []
    for character in data.load_text():
        if character in "(“":
            opened.append(character)
        elif character in ")”":
            assert opened.pop() + character in ("()", "“”")
    assert opened == []


def test_speech():
    speech = data.load_speech()
    assert tuple(speech) == data.SPOKEN
    for samples, rate in speech.values():
        assert rate == 8000
        assert 0.5 <= len(samples) / rate <= 0.85
        assert 0.9 < np.abs(samples).max() <= 1


def test_sunspots():
    years, numbers = data.load_sunspots()
    assert (years == np.arange(1700, 2009)).all()
    assert numbers.shape == (309,)
    assert (numbers.min(), numbers.max()) == (0, 190.2)  # 1957, the highest cycle on record
    assert years[numbers.argmax()] == 1957


def test_digits():
    images, labels = data.load_digits()
    assert (images.shape, images.min(), images.max()) == ((1797, 8, 8), 0, 16)
    assert labels.shape == (1797,)
    assert (np.unique(labels) == np.arange(10)).all()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", shutil.copytree(data.FOLDER, tmp_path / "data"))
    return data.FOLDER


@pytest.mark.parametrize("name", LOADERS)
def test_a_missing_file_is_named_with_the_remedy(copy, name):
    (copy / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"data/{name} is missing.*git checkout -- data/{name}"):
        LOADERS[name]()


@pytest.mark.parametrize("name", LOADERS)
def test_a_damaged_file_is_named_with_the_remedy(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[100] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ValueError, match=f"data/{name} is damaged.*git checkout -- data/{name}"):
        LOADERS[name]()


def test_an_installed_copy_has_another_remedy(copy, monkeypatch):
    monkeypatch.setattr(data, "PACKAGED", data.FOLDER)
    (copy / "text.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"data/text.txt is missing. .* install the project again\."):
        data.load_text()


def test_a_missing_list_of_checksums_is_named(copy):
    (copy / "SHA256SUMS").unlink()
    with pytest.raises(FileNotFoundError, match="data/SHA256SUMS is missing"):
        data.load_text()


def test_encode_and_decode():
    x = data.encode("abba", "ab")
    assert x.shape == (4, 2, 1)
    assert (x[:, :, 0] == [[1, 0], [0, 1], [0, 1], [1, 0]]).all()
    assert data.decode(x, "ab") == data.decode(x[:, :, 0], "ab") == "abba"
    text = data.load_text()
    alphabet = "".join(sorted(set(text)))
    assert data.decode(data.encode(text, alphabet), alphabet) == text


@pytest.mark.parametrize(
    ("text", "alphabet", "said"),
    [
        ("abc?", "ab", "text must be written in the alphabet; '[?]', 'c' is not in it"),
        ("", "ab", "text must be a string of 1 character or more; got ''"),
        (["a"], "ab", r"text must be a string of 1 character or more; got \['a'\]"),
        ("a", "aba", "alphabet must have each character once; it repeats 'a'"),
    ],
)
def test_what_encode_does_not_take(text, alphabet, said):
    with pytest.raises(ValueError, match=said):
        data.encode(text, alphabet)


@pytest.mark.parametrize("shape", [(4, 3, 1), (4, 2, 2), (2,)])
def test_what_decode_does_not_take(shape):
    with pytest.raises(ValueError, match=r"x must have the shape \(T, D, 1\)"):
        data.decode(np.zeros(shape), "ab")


def test_digits_as_sequences():
    images = data.load_digits()[0][:3]
    pixels, rows = data.digit_sequences(images), data.digit_sequences(images, by="rows")
    assert (pixels.shape, rows.shape) == ((64, 1, 3), (8, 8, 3))
    for n, row, column in ((0, 0, 5), (1, 3, 2), (2, 7, 4)):
        assert pixels[8 * row + column, 0, n] == rows[row, column, n] == images[n, row, column] / 16


@pytest.mark.parametrize(
    ("shape", "by", "said"),
    [
        ((3, 64), "pixels", r"images must have the shape \(N, 8, 8\); got \(3, 64\)"),
        ((3, 8, 8), "columns", "by must be 'pixels' or 'rows'; got 'columns'"),
    ],
)
def test_what_digit_sequences_does_not_take(shape, by, said):
    with pytest.raises(ValueError, match=said):
        data.digit_sequences(np.zeros(shape), by)
