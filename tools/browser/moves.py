"""Every control of a lab, moved as a hand moves it; and keys that are no control's."""

from playwright.sync_api import expect

from helpers.lab.controls import Choice, Slider, Text, Toggle


def move_slider(lab, name, control):
    """To both ends with the mouse, and one step back from the upper end with the keyboard."""
    for share in lab.dragged(control.label, 0, 1, steps=1):
        lab.wait_value(name, control.validate(None, control.high if share else control.low))
    lab.slider(control.label).press("ArrowLeft")
    lab.wait_value(name, control.validate(None, control.high - control.step))


def move_choice(lab, name, control):
    """Every choice, the first one last."""
    for choice in [*control.choices[1:], control.choices[0]]:
        lab.choose(control.label, choice)
        lab.wait_value(name, choice)


def move_toggle(lab, name, control):
    """The other state."""
    lab.toggle(control.label)
    lab.wait_value(name, not control.default_value)


def write_text(lab, name, control):
    """Each example."""
    for text in reversed(control.examples()):  # the default last
        lab.write(control.label, text)
        lab.wait_value(name, text)


MOVES = {Slider: move_slider, Choice: move_choice, Toggle: move_toggle, Text: write_text}


def by_hand(lab, kind):
    """Move every control with mouse and keys; yields what the lab says then."""
    lab.show_all()
    for name, control in kind.controls().items():
        MOVES[type(control)](lab, name, control)
        yield lab.said


def drive(lab, kind, moved=by_hand):
    """Every control, then Reset; picture and words must follow each time."""
    lab.ask_nothing_ahead()
    start, before = (lab.key, lab.words), lab.painted
    lab.wake()
    for said in moved(lab, kind):
        assert said["error"] is None
        assert said["words"] == said["spoken"]
    assert lab.painted > before
    assert lab.has_ink()
    lab.button("Reset").click()
    lab.wait_painted(start[0])
    assert lab.words == start[1]


ABOUT = """() => {
  const { content } = window.jupyterapp.shell.currentWidget, { length } = content.model.cells;
  const focused = document.activeElement === content.activeCell?.node;
  return { cells: length, active: content.activeCellIndex, dirty: content.model.dirty, focused };
}"""


def press_keys(lab, label):
    """In JupyterLab and Notebook 7, from a slider: no letter is a command, and what is a command still is."""
    page, slider = lab.page, lab.slider(label)
    lab.drag(label, 0.7)
    before = page.evaluate(ABOUT)
    for key in "ddabxzz00":
        page.keyboard.press(key)
    page.keyboard.press("Control+s")
    page.wait_for_function(f"!({ABOUT})().dirty")
    expect(slider).to_be_focused()
    assert page.evaluate(ABOUT) == before | {"dirty": False}
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"active => ({ABOUT})().active === active + 1", arg=before["active"])
    lab.wait_painted()  # the cell has made it anew
    lab.wake()
    lab.slider(label).focus()
    page.keyboard.press("Escape")
    page.wait_for_function(f"({ABOUT})().focused")
    here, told = page.evaluate(ABOUT)["active"], lab.slider(label).get_attribute("aria-valuetext")
    page.keyboard.press("ArrowDown")  # to the next cell; it no longer moves the slider
    page.wait_for_function(f"here => ({ABOUT})().active === here + 1", arg=here)
    expect(lab.slider(label)).to_have_attribute("aria-valuetext", told)
