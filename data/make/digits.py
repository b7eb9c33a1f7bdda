"""Make data/digits.npz: handwritten digits of 8 by 8 pixels, from scikit-learn's copy of the UCI set.

Run it where scikit-learn is installed (it is no dependency of this project).
"""

import pathlib

import numpy as np
from sklearn.datasets import load_digits

OUT = pathlib.Path(__file__).resolve().parents[1] / "digits.npz"


def main():
    """Write the images (1797, 8, 8), 0 for white to 16 for black, and the labels (1797,), as bytes."""
    digits = load_digits()
    np.savez_compressed(OUT, images=digits.images.astype(np.uint8), labels=digits.target.astype(np.uint8))


if __name__ == "__main__":
    main()
