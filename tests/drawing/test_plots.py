"""The parts of plots that labs share."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.drawing.plots import bars, heatmap, log_axis, logs, place_bars, zero_line
from helpers.drawing.time_axis import numbered
from helpers.tasks import noise


@pytest.mark.parametrize(
    ("T", "steps"), [(5, [0, 1, 2, 3, 4, 5]), (100, [0, 20, 40, 60, 80, 100]), (1, [0, 1])]
)
def test_the_steps_along_an_axis(T, steps):
    assert numbered(0, T, 6).tolist() == steps


def test_where_there_is_room_every_step_is_numbered():
    assert numbered(0, 5, 4).tolist() == [0, 1, 2, 3, 4, 5]
    assert numbered(0, 6, 4).tolist() == [0, 2, 4, 6]


def test_axis_steps_are_few_and_not_crowded():
    for last in range(2, 501):
        steps = numbered(1, last, 6)
        assert len(steps) <= 8
        assert (steps[0], steps[-1]) == (1, last)
        assert np.diff(steps).min() >= 0.08 * (last - 1)


@pytest.fixture
def ax():
    return Figure().subplots()


def test_heat_map_puts_step_t_at_t(ax):
    """The first unit is at the bottom."""
    image = heatmap(ax, rows=2, columns=3)
    assert image.get_extent() == [0.5, 3.5, 0, 2]
    assert image.origin == "lower"
    assert ax.get_xlim() == (0.5, 3.5)
    assert image.get_animated()


def test_heat_map_rows_may_start_on_top(ax):
    image = heatmap(ax, rows=2, columns=3, down=True)
    image.set_data([[1, 1, 1], [0, 0, 0]])
    assert image.get_extent() == [0.5, 3.5, 2, 0]
    assert ax.get_ylim() == (2, 0)
    assert image.origin == "upper"


def test_signed_values_have_white_in_the_middle(ax):
    image = heatmap(ax, 2, 2, low=-3, high=3)
    assert np.allclose(image.cmap(image.norm(0.0))[:3], 1, atol=0.05)
    assert heatmap(ax, 2, 2, low=0).cmap.name == "viridis"


def test_an_axis_of_logarithms_is_labelled_with_powers(ax):
    log_axis(ax, -4, 4, every=2)
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "$10^{-4}$", "$10^{-2}$", "1", "$10^{2}$", "$10^{4}$",
    ]  # fmt: skip
    assert ax.get_ylim() == (-4, 4)


def test_logarithm_of_0_is_nan():
    """So a size of 0 has no place on a logarithmic axis."""
    np.testing.assert_array_equal(logs([100.0, 0.0, 0.01]), [2, np.nan, -2])


def test_the_zero_line_keeps_still_and_bars_move(ax):
    assert not zero_line(ax).get_animated()
    line = bars(ax, "red")
    assert line.get_animated()
    place_bars(line, np.array([1.0, 2.0]), 0, [3.0, 4.0])
    np.testing.assert_array_equal(line.get_xdata(), [1, 1, np.nan, 2, 2, np.nan])
    np.testing.assert_array_equal(line.get_ydata(), [0, 3, np.nan, 0, 4, np.nan])


def test_noise_is_the_same_each_time():
    """Shorter noise is the beginning of longer noise."""
    np.testing.assert_array_equal(noise(5, 2, 3), noise(9, 2, 3)[:5])
    assert abs(noise(500, 32, 0).std() - 1) < 0.02
    with pytest.raises(ValueError, match="read-only"):
        noise(5, 2, 3)[0] = 1
