"""Frames of a lab for any control values."""

import pytest
import traitlets
from matplotlib.layout_engine import ConstrainedLayoutEngine

from tests.lab.waves import Waves, ask

# What may be asked of a lab first, as it is shown, or drawn without a page.
FIRST = {
    "view": lambda lab: lab.view,
    "postcard": lambda lab: lab.frames.postcard(),
    "figure": lambda lab: lab.figure,
}


class TestFrames:
    @pytest.mark.parametrize("first", FIRST)
    def test_a_figure_is_laid_out_once(self, first, monkeypatch):
        """Before an `update` that measures by the layout."""
        done, execute = [], ConstrainedLayoutEngine.execute
        monkeypatch.setattr(
            ConstrainedLayoutEngine, "execute", lambda *own: done.append("laid out") or execute(*own)
        )

        class Measured(Waves):
            def update(self, result):
                done.append("updated")
                super().update(result)

        lab = Measured()
        FIRST[first](lab)
        assert done[:3] == ["updated", "laid out", "updated"]
        FIRST[first](lab)
        lab.height = 0.3
        assert done.count("laid out") == 1

    def test_an_attribute_assigned_later_is_in_the_frames(self):
        class Scaled(Waves):
            factor = traitlets.Float(1.0)  # a trait, but no control
            unit = "m"

            def readout(self, result):
                return f"{self.factor * self.height:.1f} {self.unit}"

        lab = Scaled()
        assert lab.frames.snapshots([[3, 0.5, "sine", False]])[0].words == "0.5 m"
        lab.factor, lab.unit = 4.0, "cm"
        assert lab.frames.snapshots([[3, 0.5, "sine", False]])[0].words == "2.0 cm"

    def test_frames_and_lab_share_what_update_notes(self):
        """Both paint into one figure, so that a note of one about what is in it must reach the other."""

        class Sparing(Waves):
            at = None

            def update(self, result):
                if self.at != (now := float(result["y"].max())):
                    self.at = now
                    super().update(result)

        lab = Sparing()
        here, there = [3, 1.0, "sine", False], [3, 0.1, "sine", False]
        first, _ = lab.frames.snapshots([here, there])
        assert lab.figure.axes[0].lines[0].get_ydata().max() == lab.result["y"].max()
        assert lab.frames.snapshots([there, here])[1].frame == first.frame

    def test_only_the_view_stops_keeping_frames(self, sent):
        """The lab stays as its class says."""

        class Wide(Waves):
            def update(self, result):
                super().update(result)
                self.line.axes.set_xlim(0, 1 + self.count)

        lab = Wide()
        assert lab.view.keeps_frames
        ask(lab, sent, [5, 1.0, "sine", False])
        assert lab.view.keeps_frames is False
        assert "keeps_frames" not in vars(lab)
