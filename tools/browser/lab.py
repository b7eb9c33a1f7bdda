"""A lab on a page, found and moved as a hand would."""

import json

GO = """(box, values) => {
  for (const [name, value] of Object.entries(values)) {
    const control = box.frames.controls.find((control) => control.name === name);
    const input = box.querySelector(`[data-name="${name}"] :is(input, select)`);
    if (control.kind === "toggle") input.checked = value;
    else input.value = control.kind === "slider" ? Math.round((value - control.low) / control.step) : value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


SAID = """box => {
  const error = box.querySelector(".live-error");
  return {
    words: box.querySelector(".live-readout").textContent,
    spoken: box.querySelector("canvas[role=img]").getAttribute("aria-label"),
    error: error.hidden ? null : error.textContent,
  };
}"""


class LabOnPage:
    """A lab as the learner sees it."""

    def __init__(self, place, question):
        """`place` is the page, or a part of it."""
        self.page = getattr(place, "page", place)
        # By its attributes: to find it by its role the browser would walk over all of JupyterLab, each time.
        self.box = place.locator(
            f"css:light=[role=group][aria-label={json.dumps(question, ensure_ascii=False)}]"
        ).first
        self.figure = self.box.locator(".live-figure")
        self.canvas = self.figure.locator("canvas[role=img]")
        self.readout = self.box.locator(".live-readout")
        self.error = self.box.locator(".live-error")
        self.verdict = self.box.locator(".live-verdict")

    def wait_painted(self, key=None):
        """Wait until a frame is painted; with `key`, until the page shows that frame."""
        self.figure.scroll_into_view_if_needed(timeout=60_000)
        condition = "(e, key) => e.dataset.painted && (key === null || e.dataset.key === key)"
        self.page.wait_for_function(
            f"([e, key]) => ({condition})(e, key)", arg=[self.figure.element_handle(), key]
        )

    @property
    def key(self):
        """The control values that the painted frame shows, as the lab writes them."""
        return self.figure.get_attribute("data-key")

    def wait_value(self, name, value):
        """Wait until the painted frame shows this value of a control."""
        condition = "([e, pair]) => (' ' + e.dataset.key + ' ').includes(` ${pair} `)"
        self.page.wait_for_function(condition, arg=[self.figure.element_handle(), f"{name}={value}"])

    def wait_seen(self):
        """Wait until the page lays the lab out: JupyterLab skips a cell that is off the screen."""
        self.figure.scroll_into_view_if_needed()
        seen = "e => e.checkVisibility({ contentVisibilityAuto: true })"
        self.page.wait_for_function(seen, arg=self.figure.element_handle())

    def has_ink(self):
        """Whether anything is painted on the canvas."""
        return self.canvas.evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
        )

    @property
    def painted(self):
        """How many frames have been painted."""
        return int(self.figure.get_attribute("data-painted") or 0)

    @property
    def words(self):
        """What the lab says; read so that a cell which JupyterLab skips says it too."""
        return self.readout.text_content()

    @property
    def said(self):
        """The words, what is spoken in place of the picture, and the error that is shown, if any."""
        return self.box.evaluate(SAID)

    def button(self, name):
        """The button with this name."""
        return self.box.get_by_role("button", name=name, exact=True)

    def control(self, label, kind="slider"):
        """The control with this label; kind is its role: slider, combobox, checkbox, textbox."""
        return self.box.get_by_role(kind, name=label, exact=True)

    def show_all(self):
        """Open what the lab keeps under "more", if it keeps anything there."""
        for more in self.box.locator("details:not([open]) > summary").all():
            self.wait_seen()
            more.click()

    def ask_nothing_ahead(self):
        """Leave the kernel to what the hand wants; what is kept has its own tests (test_panel.py)."""
        self.box.evaluate("box => { box.frames.ahead = () => []; }")

    def wake(self):
        """Press *just show me*, if the lab asks for a prediction."""
        for skip in self.box.get_by_role("button", name="just show me", exact=True).all():
            self.wait_seen()
            skip.click()

    def guess(self, prediction):
        """Make a choice, or write a number."""
        self.wait_seen()
        if prediction.choices:
            self.button(max(prediction.words.values(), key=len)).click()
        else:
            self.box.get_by_label("Your guess").fill("1")
            self.button("guess").click()

    def go(self, values):
        """Move controls, by name, as fast as a hand never does."""
        self.box.evaluate(GO, values)

    def write(self, label, text):
        """Write into the line with this label, and press Enter."""
        line = self.control(label, "textbox")
        line.fill(text)
        line.press("Enter")

    def choose(self, label, choice):
        """Pick from the list with this label."""
        self.control(label, "combobox").select_option(choice)

    def toggle(self, label):
        """Click the box with this label."""
        self.control(label, "checkbox").click()

    def slider(self, label):
        """The slider with this label."""
        return self.control(label)

    def drag(self, label, *shares, steps=5):
        """Drag a slider with the mouse to a share (0..1) of its track, or to several without letting go."""
        for _ in self.dragged(label, *shares, steps=steps):
            pass

    def dragged(self, label, *shares, steps=5):
        """The same; yields each share when the mouse is there."""
        slider = self.slider(label)
        self.wait_seen()
        track = self._grab(slider)
        y = track["y"] + track["height"] / 2
        for share in shares:
            self.page.mouse.move(reach(track, share), y, steps=steps)
            yield share
        self.page.mouse.up()

    def _grab(self, slider):
        """Press the mouse on the slider's handle; returns the slider's box."""
        for _ in range(50):  # while outputs above it still find their size it may slip from under the hand
            track, done, _ = slider.evaluate(TRACK)
            self.page.mouse.move(place(track, done), track["y"] + track["height"] / 2)
            self.page.mouse.down()
            now, _, held = slider.evaluate(TRACK)
            if held and now == track:
                return track
            self.page.mouse.up()
            slider.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError("the slider does not keep still")


# A slider's box, in view; the share of its track that lies behind the handle; whether the mouse holds it.
TRACK = """slider => {
  slider.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = slider.getBoundingClientRect();
  const done = (slider.value - slider.min) / (slider.max - slider.min);
  return [{ x, y, width, height }, done, slider.matches(":active")];
}"""
HANDLE = 15
"""The diameter of a slider's handle: its middle goes from half of that to half of that before the end."""


def place(track, share):
    """Where the middle of the handle stands at a share of the track: x."""
    return track["x"] + HANDLE / 2 + share * (track["width"] - HANDLE)


def reach(track, share):
    """Where a hand goes for a share of the track: x.

    At its ends it goes on for a bit; half a pixel short of one would be a step of a long slider.
    """
    return place(track, share) + {0: -8, 1: 8}.get(share, 0)
