"""A picture in a notebook that nothing moves."""

import base64
import io

from helpers.drawing.painting import painting


class Picture:
    """A still picture with its words. A subclass draws it in `draw` and says what it shows in `__repr__`."""

    def draw(self):
        """Make the figure, a `PaintedFigure`; called within `painting()`."""
        raise NotImplementedError

    def figure(self):
        """The picture as a matplotlib figure: the same whatever settings a learner has chosen."""
        with painting():
            return self.draw()

    def _repr_mimebundle_(self, **kwargs):
        """The picture as PNG, and its words for those who cannot see it."""
        png = io.BytesIO()
        with painting():
            self.draw().savefig(png, format="png", facecolor="white")
        data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": repr(self)}}
