"""A lab as files: its still pictures, its frames, and what a page has to know to find them.

lab.json                  question, controls, where each pack lies
beneath.png, above.png    the still pictures
first.bin, more.bin       packs end to end: those a first drag needs, and all others
"""

import io
import itertools
import json
import pathlib

from PIL import Image

from helpers.lab.on_page import about
from helpers.lab.running import RunningLab
from tools.site.pack import pack
from tools.site.positions import MOST, Positions

COLOURS = 128
"""How many a still picture has: the fewer, the smaller."""
PICTURES = 50
"""Of a run, about so many pictures are stored."""
FEW = 5
"""Steps of a run that is cut short."""
ROOM = 1_000_000
"""Bytes that the frames of one lab may take ..."""
FEWER = (25, 19, 13)
"""... or its sliders have to do with fewer stops."""


def record(kind, folder, start=None, brief=False):
    """Make the files of one lab.

    Parameters
    ----------
    kind : type
        A class of labs.
    folder : pathlib.Path
        Where the files go; it is made.
    start : dict, optional
        The setting in which the page opens, where it is not the default one.
    brief : bool
        Few positions (see `Positions`), and the first steps of a run only.

    Returns
    -------
    dict
        Numbers of `positions` and `frames`; sizes in bytes of `stills` (with lab.json), `first` and `more`;
        `fonts`: from its name to a font's file and the set of letters that frames set in it.

    Raises
    ------
    RuntimeError
        If a lab says that it cannot compute a position, or moves what is to keep still.
    """
    folder.mkdir(parents=True)
    for most in (MOST, *FEWER):
        positions, maker = Positions(kind, brief, most), Maker(kind, FEW if brief else None)
        files, index = _packed(positions, maker)
        if positions.runs or sum(map(len, files.values())) <= ROOM:  # fewer stops make no run shorter
            break
    stills = maker.stills()
    for name, content in [
        *((f"{n}.bin", b) for n, b in files.items()),
        *((f"{n}.png", b) for n, b in stills.items()),
    ]:
        (folder / name).write_bytes(content)
    head = _head(positions, maker, start or {}) | {"packs": index}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    (folder / "lab.json").write_text(text, encoding="utf-8")
    sizes = {name: len(content) for name, content in files.items()}
    sizes["stills"] = sum(map(len, stills.values())) + len(text.encode())
    files = maker.lab.frames.live.fonts()
    fonts = {name: (pathlib.Path(path), maker.letters.get(name, set())) for name, path in files.items()}
    return sizes | {"positions": len(positions.all), "frames": maker.frames, "fonts": fonts}


def _packed(positions, maker):
    """All sweeps: the contents of both files of packs by name, and where each pack lies."""
    files, index = {"first": b"", "more": b""}, []
    for number, sweep in enumerate(positions.sweeps):
        file = "first" if number < positions.n_plain else "more"
        packed = maker.packed(positions.of(sweep), running=positions.runs)
        index.append([file, len(files[file]), len(packed), *_places(positions, sweep)])
        files[file] += packed
    return files, index


class Maker:
    """Makes the frames of a lab and counts them."""

    def __init__(self, kind, steps=None):
        self.kind, self.steps, self.frames, self.letters = kind, steps, 0, {}
        self.lab = kind()
        self._stills = self.lab.frames.live.still_pictures()

    def packed(self, settings, running=False):
        """A pack of these positions, or of the whole run at the one that is given."""
        snapshots = self._run(settings[0]) if running else self._snapshots(settings)
        if self.lab.frames.live.stale:
            raise RuntimeError(
                f"{self.kind.__name__} moves what is not animated; such a lab cannot be stored"
            )
        for snapshot in snapshots:
            self._read(snapshot.frame)
        self.frames += len(snapshots)
        return pack(
            [a.frame for a in snapshots], [a.words for a in snapshots], [a.verdicts for a in snapshots]
        )

    def _snapshots(self, settings):
        snapshots = self.lab.frames.snapshots([list(setting.values()) for setting in settings])
        for setting, snapshot in zip(settings, snapshots, strict=True):
            if snapshot.error:
                raise RuntimeError(f"{self.kind.__name__} at {setting}: {snapshot.error}")
        return snapshots

    def _run(self, setting):
        """Before the first step, then every few steps, then the last one."""
        lab = self.kind(**setting)
        every = max(1, lab.n_steps // PICTURES)
        snapshots, last = [lab.frames.snapshot(lab.result)], None
        for step, result in enumerate(itertools.islice(lab.run_steps(), self.steps), 1):
            last = None if step % every == 0 else result
            if last is None:
                snapshots.append(lab.frames.snapshot(result))
        return snapshots + ([lab.frames.snapshot(last)] if last else [])

    def _read(self, frame):
        """Keep in mind which letters of which font the frame sets."""
        length = int.from_bytes(frame[:4], "little")
        for op in json.loads(frame[4 : 4 + length])["ops"]:
            if op["kind"] == "text":
                self.letters.setdefault(op["font"], set()).update(op["text"])

    def stills(self):
        """Both still pictures, small: PNG bytes by name."""
        return {name: _small(picture) for name, picture in self._stills.items()}


def _small(picture):
    if not picture:
        return b""
    image, written = Image.open(io.BytesIO(picture)).convert("RGBA"), io.BytesIO()
    image = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    image.save(written, "png", optimize=True)
    return written.getvalue()


def _shown(positions):
    """The controls that can be moved on the page: names."""
    return [name for name, stops in positions.stops.items() if len(stops) > 1]


def _places(positions, sweep):
    """Which of the page's controls moves (-1: none, it runs), and at which of its stops each one stands."""
    shown = _shown(positions)
    moves = -1 if sweep.moves is None else shown.index(sweep.moves)
    return moves, [positions.stops[name].index(sweep.at[name]) for name in shown]


def _head(positions, maker, start):
    """What the page has to know besides where the packs lie."""
    if not positions.hold(start):
        raise RuntimeError(f"{positions.kind.__name__} opens at {start}: put that into its `anchors`")
    known, values = about(maker.lab), positions.defaults | start
    specs = {spec["name"]: spec for spec in known["controls"]}
    known["controls"] = [_spec(specs[name], positions.stops[name]) for name in _shown(positions)]
    return {
        "about": known | {"size": maker.lab.frames.live.size, "keeps": True},
        "values": [values[name] for name in _shown(positions)],
        "positions": len(positions.all),
        "runs": issubclass(positions.kind, RunningLab),
        "measured": not positions.kind.keeps_frames,
    }


def _spec(spec, stops):
    """A control as the page has it: a slider with its stops, a line of text as a list of a few texts."""
    if spec["kind"] == "slider":
        return spec | {"stops": stops}
    return spec | {"kind": "choice", "choices": stops} if spec["kind"] == "text" else spec
