"""Make data/SHA256SUMS from the files that are there; `sha256sum -c SHA256SUMS` reads it too."""

import hashlib
import pathlib

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
SUFFIXES = (".csv", ".json", ".npz", ".txt", ".wav")


def main():
    """Write one line per file."""
    files = sorted(path for path in DATA.rglob("*") if path.suffix in SUFFIXES)
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(DATA).as_posix()}\n" for p in files
    ]
    (DATA / "SHA256SUMS").write_bytes("".join(lines).encode())


if __name__ == "__main__":
    main()
