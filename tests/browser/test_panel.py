"""The panel on a plain page: no JupyterLab, no kernel, a source of frames written in ten lines."""

import json
import pathlib

import pytest
from playwright.sync_api import expect

from helpers.page.panel import module


@pytest.fixture
def page(plain_page):
    return plain_page


def key(page):
    return page.locator(".live-figure").get_attribute("data-key")


# Moves the slider within one task of the page, as the hand does between two pictures.
MOVE = """k => {
  const slider = document.querySelector("input[type=range]");
  slider.value = k;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return document.querySelector(".live-figure").dataset.key;
}"""


def test_a_source_of_ten_lines_is_enough(page):
    page.get_by_role("slider", name="length").press("End")
    expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=1")
    expect(page.locator(".live-readout")).to_have_text("The length is 1.")
    assert page.locator("canvas[role=img]").get_attribute("aria-label") == "The length is 1."
    page.wait_for_function("window.told && window.told[0] === 1")


def test_kept_frame_is_painted_at_once_without_asking(page):
    page.get_by_role("slider", name="length").hover()
    page.wait_for_function("asked.length >= 100")  # the whole sweep, asked ahead; place 0 was here
    for k in (30, 70, 50):
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate(MOVE, k) == f"x={k / 100:g}"
    page.evaluate("() => new Promise(done => setTimeout(done))")
    assert page.evaluate("asked.length") == 100
    assert page.evaluate("new Set(asked.map(String)).size") == 100


def test_nearest_frame_stands_in_with_its_own_words(page):
    """It does so until the exact frame has arrived."""
    page.evaluate("() => { window.delay = () => new Promise(go => { window.go = go; }); }")
    page.evaluate(MOVE, 50)  # on the way with it: 0.64 and 0.96
    page.wait_for_function("!!window.go")
    assert key(page) == "x=0"
    page.evaluate("() => { const answer = go; window.go = null; answer(); }")
    expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0.5")
    page.evaluate(MOVE, 62)
    expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0.64")
    expect(page.locator(".live-readout")).to_have_text("The length is 0.64.")
    page.evaluate("() => { window.delay = null; go(); }")
    expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0.62")
    expect(page.locator(".live-readout")).to_have_text("The length is 0.62.")


def test_the_newest_value_is_asked_for_first(page):
    page.evaluate("() => { window.delay = () => new Promise(go => { window.go = go; }); }")
    for k in (10, 20, 30, 90):  # the second request flies beside the first; what comes later waits
        page.evaluate(MOVE, k)
    sent = page.evaluate("asked.length")
    firsts = page.evaluate("asked.map(String)")
    assert firsts[0] == "0.1"
    assert "0.3" not in firsts
    page.evaluate("() => { window.delay = null; go(); }")
    page.wait_for_function("sent => asked.length > sent", arg=sent)
    assert page.evaluate("sent => String(asked[sent])", sent) == "0.9"


def test_many_snapshots_do_not_grow_the_page(page):
    """Frames are kept up to a bound, however many come."""
    held = page.evaluate(
        """async () => {
          const { Frames } = await import("./frames.js");
          const big = { frame: new Uint8Array(1e5), words: "w", error: "" };
          const controls = [{ kind: "slider", low: 0, high: 1000, step: 1 }];
          const frames = new Frames({ source: {}, controls, values: [0], keeps: true, show() {} });
          for (let k = 0; k < 1000; k++) frames.keep(String(k), big);
          return [frames.bytes, frames.kept.size, frames.kept.has("999"), frames.kept.has("0")];
        }"""
    )
    assert 30e6 < held[0] <= 32e6
    assert held[1] < 330
    assert held[2:] == [True, False]


def test_silent_source_is_reported_until_it_answers(page):
    """Once it answers, its frame is shown."""
    result = page.evaluate(
        """async () => {
          const { Frames } = await import("./frames.js");
          const clock = window.setTimeout, said = [], shown = [];
          window.setTimeout = (act, ms) => clock(act, ms / 100);
          let answers = false;
          const snapshot = { frame: new Uint8Array(1), words: "w", error: "" };
          const reply = (list) => Promise.resolve({ snapshots: list.map(() => snapshot), ms: 1 });
          const source = { ask: (list) => answers ? reply(list) : new Promise(() => {}) };
          const controls = [{ kind: "slider", low: 0, high: 9, step: 1 }];
          const [show, silent] = [() => shown.push(1), (yes) => said.push(yes)];
          const frames = new Frames({ source, controls, values: [0], keeps: true, show, silent });
          frames.move(0, 5);
          while (!said.length) await new Promise((done) => clock(done, 5));
          const before = [said[0], shown.length];
          answers = true;
          while (!shown.length) await new Promise((done) => clock(done, 5));
          return [...before, said.at(-1)];
        }"""
    )
    assert result == [True, 0, False]


@pytest.fixture
def every_kind(new_page, address):
    """A panel with a slider, a list, a box, and a line of text under "more", open."""
    controls = [
        {"kind": "choice", "name": "c", "label": "kind", "choices": ["a", "b"],
         "words": ["the first", "the second"], "default": "a"},
        {"kind": "toggle", "name": "t", "label": "on", "default": False},
        {"kind": "slider", "name": "x", "label": "length", "low": 0, "high": 1, "step": 0.1, "decimals": 1,
         "default": 0},
        {"kind": "text", "name": "s", "label": "read", "default": "ab", "more": True},
    ]  # fmt: skip
    page = new_page()
    page.goto(address)
    page.evaluate(
        """async controls => {
          const { showPanel } = await import("./panel.js"), { source } = await import("./source.js");
          const shown = (values, error = "") => ({ ...source.shown, values, words: values.join(), error });
          window.close();
          const snapshot = (v) => shown(v, v[3] === "bad" ? "no such word" : "");
          const ask = async (list) => ({ snapshots: list.map(snapshot), ms: 1 });
          const about = { ...source.about, controls };
          showPanel(document.body, { ...source, about, shown: shown(["a", false, 0, "ab"]), ask });
        }""",
        controls,
    )
    expect(page.get_by_label("read")).to_be_hidden()
    page.get_by_text("more").click()
    return page


def test_every_kind_of_control(every_kind):
    page = every_kind
    words, error = page.locator(".live-readout"), page.locator(".live-error")
    assert page.get_by_label("kind").locator("option").all_inner_texts() == ["the first", "the second"]
    page.get_by_label("kind").press("ArrowDown")
    expect(words).to_have_text("b,false,0,ab")
    page.get_by_label("on", exact=True).press(" ")
    expect(words).to_have_text("b,true,0,ab")
    text = page.get_by_label("read")
    text.fill("bad")
    text.press("Enter")
    expect(error).to_have_text("no such word")
    expect(words).to_be_hidden()
    assert text.input_value() == "bad"
    text.fill("cd")
    expect(words).to_have_text("b,true,0,cd")
    expect(error).to_be_hidden()
    page.get_by_role("button", name="Reset").click()
    expect(words).to_have_text("a,false,0,ab")
    assert text.input_value() == "ab"


# All keys that are pressed; of each, whether a program around the panel may take it on its way in, and
# whether it is heard on its way out. The two must be the same.
HEARD = """() => {
  window.heard = [];
  document.addEventListener("keydown", (event) => {
    const asked = event.target.dataset.lmSuppressShortcuts === "true";
    const name = [event.ctrlKey && "Control", event.shiftKey && "Shift", event.altKey && "Alt", event.key];
    window.heard.push([name.filter(Boolean).join("+"), !asked]);
  }, true);
  document.addEventListener("keydown", (event) => {
    window.heard.at(-1).push(true);
    event.preventDefault(); // as JupyterLab does with a command
  });
}"""
LETTERS = ["d", "a", "x", "0", "Enter", "ArrowDown", "Home", " "]
COMMANDS = ["Control+s", "Control+Enter", "Shift+Enter", "Alt+Enter", "Control+Shift+C"]
EDITS = [
    "Control+a",
    "Control+c",
    "Control+v",
    "Control+z",
    "Control+ArrowLeft",
    "Control+Backspace",
    "Control+Shift+Z",
]


@pytest.mark.parametrize(
    ("kind", "stay", "go"),
    [("slider", LETTERS, COMMANDS + EDITS), ("checkbox", LETTERS, COMMANDS + EDITS),
     ("combobox", [*"dax0"], COMMANDS + EDITS), ("textbox", LETTERS + EDITS, COMMANDS)],
)  # fmt: skip
def test_unused_keys_reach_the_surrounding_program(every_kind, kind, stay, go):
    page = every_kind
    page.evaluate(HEARD)
    control = page.get_by_role(kind).first
    for key in [*stay, *go]:
        control.focus()
        page.keyboard.press(key)
    alone = ("Control", "Shift", "Alt")
    pressed = [one for one in page.evaluate("heard") if not one[0].endswith(alone)]
    names = [name.lower() for name, *_ in pressed]
    assert names == [key.lower() for key in [*stay, *go]]
    assert [one[1:] for one in pressed] == [[False]] * len(stay) + [[True, True]] * len(go)


def test_escape_gives_the_focus_back(every_kind):
    """To the nearest thing around the panel that can have it: a cell. Where there is none, to the page."""
    page = every_kind
    page.get_by_role("slider").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    page.evaluate("() => { document.body.tabIndex = 0; document.body.id = 'cell'; }")
    page.get_by_role("textbox").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "cell"


def test_a_panel_that_is_closed_listens_no_more(plain_page):
    """It listens at the window, which stays."""
    page = plain_page
    page.evaluate("() => { window.panel = document.querySelector('.live-panel'); window.close(); }")
    page.evaluate(
        """() => {
          document.body.append(window.panel);
          document.querySelector("input").focus();
        }"""
    )
    page.keyboard.press("d")
    assert page.locator("input").first.get_attribute("data-lm-suppress-shortcuts") is None


def test_canvas_matches_the_sharpness_of_the_screen(page):
    """The window goes to a screen of another sharpness, and back, and nothing moves in it."""
    screen = page.context.new_cdp_session(page)
    size, canvas = page.viewport_size | {"mobile": False}, page.locator("canvas[role=img]").element_handle()
    sharp = "([c, s]) => c.width === s * c.clientWidth && c.height === s * c.clientHeight"
    for sharpness, scheme in ((2, "dark"), (1.5, "light"), (1, "dark")):
        screen.send("Emulation.setDeviceMetricsOverride", size | {"deviceScaleFactor": sharpness})
        page.emulate_media(
            color_scheme=scheme
        )  # Chromium tells of a pretended screen with the next such change
        page.wait_for_function(sharp, arg=[canvas, sharpness])


def test_the_widget_carries_the_same_modules():
    joined = module.joined()
    assert "import " not in joined.replace("await import", "")
    assert joined.count("export ") == 1
    assert json.dumps(joined)
    assert {path.name for path in pathlib.Path(module.FOLDER).glob("*.js")} == set(module.MODULES)
