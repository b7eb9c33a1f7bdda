"""Make data/sunspots.csv: yearly sunspot numbers, 1700 to 2008, from statsmodels' copy.

Run it where statsmodels is installed (it is no dependency of this project).
"""

import pathlib

from statsmodels.datasets import sunspots

OUT = pathlib.Path(__file__).resolve().parents[1] / "sunspots.csv"


def main():
    """Write one line per year: the year, and the mean daily sunspot number of that year."""
    table = sunspots.load_pandas().data
    rows = [f"{year:.0f},{number:.1f}\n" for year, number in table.itertuples(index=False)]
    OUT.write_bytes("".join(["year,sunspots\n", *rows]).encode())


if __name__ == "__main__":
    main()
