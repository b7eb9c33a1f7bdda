"""What a learner reads under an answer: one line, with a mark."""

import html

OPEN, NOT_YET, RIGHT = "○", "✗", "✓"
COLOURS = {OPEN: "#666666", NOT_YET: "#B04A00", RIGHT: "#006B4F"}
LONGEST = 400  # characters; an error raised by a learner's function may be of any length


class Feedback:
    """A line of feedback; `right` says whether the answer is right."""

    def __init__(self, mark, message):
        message = " ".join(message.split())
        self.mark = mark
        self.message = message if len(message) <= LONGEST else message[: LONGEST - 4] + " ..."
        self.right = mark == RIGHT

    def about(self, part):
        """The same feedback, after the name of the part of the answer that it is about, such as "c_t"."""
        return Feedback(self.mark, f"{part}: {self.message}")

    def __repr__(self):
        return f"{self.mark} {self.message}"

    def _repr_html_(self):
        style = f"border-left:4px solid {COLOURS[self.mark]};padding:.3em .8em"
        return f"<div style='{style}'>{self.mark} {html.escape(self.message)}</div>"


def left_open(task):
    """Feedback on an answer that has not been given yet: what is asked, and no more."""
    return Feedback(OPEN, f"Not answered yet. {task}")


def not_yet(message):
    """Feedback on an answer that is not right yet."""
    return Feedback(NOT_YET, message)


def right(message):
    """Feedback on a right answer, with the reason why it is right."""
    return Feedback(RIGHT, message)
