"""A lab in Firefox, moved as `lab.LabOnPage` is, so that the same hand drives both (moves.py)."""

from types import SimpleNamespace

from tools.browser.lab import SAID, TRACK, place, reach

# A lab is found by its question, its controls by their names.
IN_LAB = """(question, ...words) => {{
  const box = document.querySelector(`[role=group][aria-label=${{JSON.stringify(question)}}]`);
  return box && ({})(box, ...words);
}}"""
INPUT = 'box.querySelector(`[data-name="${name}"] :is(input, select)`)'
CHOOSE = f"""(box, name, value) => {{
  const list = {INPUT};
  list.value = value;
  for (const kind of ["input", "change"]) list.dispatchEvent(new Event(kind, {{ bubbles: true }}));
}}"""
EMPTY = f'(box, name) => {{ const line = {INPUT}; line.focus(); line.value = ""; }}'
CLICK = """(box, name) => {
  const named = button => [button.textContent, button.ariaLabel].includes(name);
  [...box.querySelectorAll("button")].find(named)?.click();
}"""
INK = """box => {
  const c = box.querySelector(".live-figure canvas[role=img]");
  return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(v => v);
}"""
FIGURE = 'box.querySelector(".live-figure")?.dataset'


class LabInFirefox:
    """A lab as a learner with Firefox sees it.

    Parameters
    ----------
    page : tools.browser.bidi.Page
        Where it is.
    kind : type
        The class of the lab.
    """

    def __init__(self, page, kind):
        self.page, self.question = page, kind.question()
        self._names = {control.label: name for name, control in kind.controls().items()}

    def _call(self, function, *words):
        return self.page.call(IN_LAB.format(function), self.question, *words)

    def _wait(self, function, *words):
        self.page.wait(IN_LAB.format(function), self.question, *words)

    # What it shows --------------------------------------------------------------------------------

    def wait_painted(self, key=None):
        """Wait until a frame is painted; with `key`, until the page shows that frame."""
        self._wait(f"(box, key) => {FIGURE}?.painted && (key === null || {FIGURE}.key === key)", key)

    def wait_value(self, name, value):
        """Wait until the painted frame shows this value of a control."""
        self._wait(f"(box, pair) => ` ${{{FIGURE}.key}} `.includes(` ${{pair}} `)", f"{name}={value}")

    @property
    def key(self):
        """The control values that the painted frame shows."""
        return self._call(f"box => {FIGURE}.key")

    @property
    def painted(self):
        """How many frames have been painted."""
        return int(self._call(f"box => {FIGURE}.painted ?? 0"))

    @property
    def said(self):
        """The words, what is spoken in place of the picture, and the error that is shown, if any."""
        return self._call(SAID)

    @property
    def words(self):
        """What the lab says."""
        return self.said["words"]

    def has_ink(self):
        """Whether anything is painted on the canvas."""
        return self._call(INK)

    # What a hand does -----------------------------------------------------------------------------

    def ask_nothing_ahead(self):
        """Leave the kernel to what the hand wants."""
        self._call("box => { box.frames.ahead = () => []; }")

    def show_all(self):
        """Open what the lab keeps under "more"."""
        self._call('box => box.querySelectorAll("details").forEach(more => { more.open = true; })')

    def wake(self):
        """Press *just show me*, if the lab asks for a prediction."""
        self._call(CLICK, "just show me")

    def dragged(self, label, *shares, steps=5):
        """Drag a slider with the mouse to shares (0..1) of its track; yields each when the mouse is there."""
        slider = f"(box, name) => ({TRACK})({INPUT})"
        track, done, _ = self._call(slider, self._names[label])
        x, y = place(track, done), track["y"] + track["height"] / 2
        self.page.mouse(("pointerMove", at(x, y)), ("pointerDown", {"button": 0}))
        for share in shares:
            start, x = x, reach(track, share)
            way = [start + (x - start) * step / steps for step in range(1, steps + 1)]
            self.page.mouse(*(("pointerMove", at(one, y)) for one in way))
            yield share
        self.page.mouse(("pointerUp", {"button": 0}))

    def slider(self, label):
        """The slider with this label, to press keys on."""
        return SimpleNamespace(press=lambda key: (self._focus(label), self.page.press(key)))

    def choose(self, label, choice):
        """Pick from the list with this label."""
        self._call(CHOOSE, self._names[label], choice)

    def toggle(self, label):
        """Click the box with this label."""
        self._call(f"(box, name) => {INPUT}.click()", self._names[label])

    def write(self, label, text):
        """Write into the line with this label, and press Enter."""
        self._call(EMPTY, self._names[label])
        self.page.press(*text, "Enter")

    def button(self, name):
        """The button with this name, to click."""
        return SimpleNamespace(click=lambda: self._call(CLICK, name))

    def _focus(self, label):
        self._call(f"(box, name) => {INPUT}.focus()", self._names[label])


def at(x, y):
    """A place in the window, as the protocol wants it: whole pixels."""
    return {"x": round(x), "y": round(y)}
