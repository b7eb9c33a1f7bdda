"""The panel on a plain page: it asks before it can be moved, plays, marks what moves, and can be copied."""

import pytest
from playwright.sync_api import expect

# Shows a panel whose source is that of the plain page, with more to tell about the lab.
SHOW = """async ({ about, at = 0, verdict = null }) => {
  const { showPanel } = await import("./panel.js"), { source } = await import("./source.js");
  window.close();
  const said = ([x]) => (verdict && x === verdict.at ? verdict.said : undefined);
  const ask = async (list) => {
    const { snapshots, ms } = await source.ask(list);
    return { snapshots: snapshots.map((snapshot, k) => ({ ...snapshot, verdicts: said(list[k]) })), ms };
  };
  const [shown] = (await ask([[at]])).snapshots;
  window.listeners = {};
  const listen = (hear) => { window.listeners = hear; return () => {}; };
  const range = { ...source.about.controls[0], ...about.control };
  const all = { ...source.about, controls: [range], ...about };
  showPanel(document.body, { ...source, about: all, ask, listen, shown: { values: [at], ...shown } });
}"""
ASKS = {
    "question": "How long at 1?",
    "choices": [["0", "short"], ["1", "long"]],
    "unit": "",
    "setting": "To see it, set *length* to 1.00.",
}
VERDICT = {"at": 1, "said": {"0": "You said short. It is long.", "1": "You said long, and you were right."}}


def asks_number(unit="%", range=()):
    return ASKS | {"choices": [], "unit": unit, "range": list(range)}


NUMBER = {
    "low": 90,
    "high": 110,
    "near": "You said {guess}, near 100.",
    "far": "You said {guess}. It is 100.",
}


@pytest.fixture
def show(plain_page):
    def with_more(**options):
        plain_page.evaluate(SHOW, options)
        plain_page.locator(".live-figure[data-painted]").wait_for()
        return plain_page

    return with_more


def slider(page):
    return page.get_by_role("slider", name="length")


class TestItAsks:
    def test_lab_sleeps_until_a_guess_is_made(self, show):
        """The guess is answered at the setting that the question is about."""
        page = show(about={"prediction": ASKS, "buttons": {"go": "Run"}}, verdict=VERDICT)
        words, verdict = page.locator(".live-readout"), page.locator(".live-verdict")
        for part in (
            slider(page),
            page.get_by_role("button", name="Run"),
            page.get_by_role("button", name="Reset"),
        ):
            expect(part).to_be_disabled()
        expect(page.get_by_text("How long at 1?")).to_be_visible()
        expect(words).to_be_hidden()
        page.get_by_role("button", name="short").click()
        expect(page.get_by_text("How long at 1?")).to_have_count(0)
        expect(words).to_be_visible()
        expect(verdict).to_have_text("Your guess: “short”. To see it, set length to 1.00.")
        expect(verdict.locator("em")).to_have_text("length")
        expect(page.get_by_role("button", name="Run")).to_be_enabled()
        slider(page).press("End")
        expect(verdict).to_have_text("You said short. It is long.")
        expect(words).to_have_text("The length is 1.")
        slider(page).press("ArrowLeft")
        expect(verdict).to_be_hidden()
        slider(page).press("End")
        expect(verdict).to_be_visible()

    def test_just_show_me_says_nothing_of_a_guess(self, show):
        page = show(about={"prediction": ASKS}, verdict=VERDICT)
        page.get_by_role("button", name="just show me").click()
        slider(page).press("End")
        expect(page.locator(".live-readout")).to_have_text("The length is 1.")
        expect(page.locator(".live-verdict")).to_be_hidden()

    @pytest.mark.parametrize(
        ("guess", "said"),
        [
            ("95", "You said 95, near 100."),
            ("95.5", "You said 95.5, near 100."),
            ("95,5", "You said 95.5, near 100."),  # most of Europe writes it so
            (" 95 %", "You said 95, near 100."),
            ("-3", "You said −3. It is 100."),
            ("\u22123", "You said −3. It is 100."),
            ("+ .5", "You said 0.5. It is 100."),
            ("９５", "You said 95, near 100."),
        ],
    )
    def test_a_number_can_be_asked_for(self, show, guess, said):
        page = show(about={"prediction": asks_number()}, verdict={"at": 1, "said": NUMBER})
        page.get_by_role("button", name="guess").click()  # nothing is written yet: it waits
        expect(slider(page)).to_be_disabled()
        expect(page.get_by_role("alert").first).to_be_hidden()
        page.get_by_label("Your guess").fill(guess)
        page.get_by_label("Your guess").press("Enter")
        slider(page).press("End")
        expect(page.locator(".live-verdict")).to_have_text(said)

    @pytest.mark.parametrize(
        "guess",
        ["101", "-1", "\u22125", "a lot", "1,000,000", "1.2.3", "9" * 400, "12 percent", "--3", "%", ","],
    )
    def test_anything_but_a_percentage_is_asked_for_again(self, show, guess):
        page = show(about={"prediction": asks_number(range=[0, 100])})
        line, said = page.get_by_label("Your guess"), page.locator(".live-fault")
        line.fill(guess)
        page.get_by_role("button", name="guess").click()
        expect(said).to_have_text("Please write a number from 0 to 100, such as 12.5.")
        expect(line).to_have_value(guess)
        expect(line).to_be_focused()
        expect(slider(page)).to_be_disabled()
        line.fill("100")
        expect(said).to_be_hidden()
        line.press("Enter")
        expect(page.locator(".live-verdict")).to_have_text("Your guess: 100%. To see it, set length to 1.00.")

    def test_without_a_range_any_number_will_do(self, show):
        page = show(about={"prediction": asks_number(unit=" m")})
        line = page.get_by_label("Your guess")
        line.fill("far")
        line.press("Enter")
        expect(page.locator(".live-fault")).to_have_text("Please write a number, such as 12.5.")
        line.fill("-1000 m")
        line.press("Enter")
        expect(page.locator(".live-verdict")).to_have_text(
            "Your guess: −1000 m. To see it, set length to 1.00."
        )

    def test_lab_opened_elsewhere_does_not_ask(self, show):
        """It asks only when it opens at its default setting."""
        page = show(about={"prediction": ASKS}, at=0.5)
        expect(slider(page)).to_be_enabled()
        expect(page.get_by_text("How long at 1?")).to_have_count(0)

    def test_python_can_move_it_while_it_sleeps(self, show):
        page = show(about={"prediction": ASKS})
        page.evaluate(
            """async () => {
              const { source } = await import("./source.js");
              window.listeners.shown({ values: [0.5], ...(await source.ask([[0.5]])).snapshots[0] });
            }"""
        )
        expect(page.locator(".live-readout")).to_have_text("The length is 0.5.")
        expect(slider(page)).to_be_enabled()

    def test_what_the_source_has_switched_off_stays_off(self, show):
        page = show(about={"prediction": ASKS, "buttons": {"go": "Run", "stop": "Stop"}})
        page.evaluate("window.listeners.disabled(['stop'])")
        page.get_by_role("button", name="long", exact=True).click()
        expect(page.get_by_role("button", name="Run")).to_be_enabled()
        expect(page.get_by_role("button", name="Stop")).to_be_disabled()


# The source shows something by itself, having heard so many moves of this page.
LATE = """async ([x, heard]) => {
  const { source } = await import("./source.js"), delay = window.delay;
  window.delay = null;
  const [snapshot] = (await source.ask([[x]])).snapshots;
  window.delay = delay;
  window.listeners.shown({ ...snapshot, values: [x], heard });
}"""
# All that is shown from now on; what is shown for a fifth of a second may be gone when a test looks.
KEYS = """() => {
  const figure = document.querySelector(".live-figure");
  window.keys = [];
  new MutationObserver(() => window.keys.push(figure.dataset.key)).observe(figure, { attributes: true });
}"""
# All names that the button bears from now on: it pauses for a second at the most.
BUTTON = """() => {
  const button = document.querySelector(".live-play"), name = () => button.getAttribute("aria-label");
  window.names = [];
  const hear = () => window.names.at(-1) !== name() && window.names.push(name());
  new MutationObserver(hear).observe(button, { attributeFilter: ["aria-label"] });
}"""
TIMED = {"control": {"time": True, "low": 0, "high": 1, "step": 0.1}}


class TestItRuns:
    """A lab that runs shows pictures that nobody has asked for."""

    def test_late_picture_does_not_pull_the_slider_back(self, show):
        """The picture left the source before the hand moved."""
        page = show(about={"keeps": False})
        page.evaluate("() => { window.delay = () => new Promise(go => { window.go = go; }); }")
        slider(page).press("End")
        page.wait_for_function("() => Boolean(window.go)")  # the source has been asked, and has not answered
        page.evaluate(LATE, [0.2, 0])
        expect(slider(page)).to_have_attribute("aria-valuetext", "1.00")
        page.evaluate("() => { window.delay = null; window.go(); }")
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=1")
        page.evaluate(LATE, [0.2, 1])  # and one that comes when the move has been heard is shown
        expect(slider(page)).to_have_attribute("aria-valuetext", "0.20")
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0.2")


class TestItPlays:
    def test_it_walks_to_the_end_and_pauses_there(self, show):
        page = show(about=TIMED, at=0.5)
        page.evaluate(BUTTON)
        page.get_by_role("button", name="Play: length").click()
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=1")
        page.get_by_role("button", name="Play: length").wait_for()
        assert page.evaluate("window.names") == ["Pause: length", "Play: length"]
        page.wait_for_function("window.told && window.told[0] === 1")
        page.evaluate(KEYS)
        page.get_by_role("button", name="Play: length").click()  # from the start once more
        page.wait_for_function("window.keys.some(key => key !== 'x=1')")

    def test_the_hand_takes_over(self, show):
        page = show(about=TIMED)
        page.get_by_role("button", name="Play: length").press("Enter")
        expect(page.locator(".live-figure")).not_to_have_attribute("data-key", "x=0")
        slider(page).press("Home")
        page.get_by_role("button", name="Play: length").wait_for()
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0")

    def test_python_goes_first(self, show):
        """A walk is no hand: where something else moves the lab, it ends there, and says nothing any more."""
        page = show(about=TIMED)
        page.get_by_role("button", name="Play: length").click()
        expect(page.locator(".live-figure")).not_to_have_attribute("data-key", "x=0")
        rests = page.evaluate(
            """async () => {
              const { source } = await import("./source.js");
              const [snapshot] = (await source.ask([[0.05]])).snapshots;
              window.rests = [];
              window.listeners.shown({ ...snapshot, values: [0.05] });
              return window.rests;
            }"""
        )
        assert rests == []
        page.get_by_role("button", name="Play: length").wait_for()
        expect(slider(page)).to_have_attribute("aria-valuetext", "0.05")
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=0.05")

    def test_reduced_motion_makes_each_press_a_step(self, show, plain_page):
        plain_page.emulate_media(reduced_motion="reduce")
        page = show(about=TIMED, at=0.9)
        step = page.get_by_role("button", name="Step on: length")
        for key in ("x=1", "x=0", "x=0.1"):
            step.click()
            expect(page.locator(".live-figure")).to_have_attribute("data-key", key)


class TestItIsWritten:
    """A line of text that is being written while something else moves the lab."""

    def test_what_is_being_written_is_not_lost(self, show):
        control = {"kind": "text", "name": "s", "label": "read", "default": "ab"}
        page = show(about={"controls": [control]}, at="ab")
        kept = page.evaluate(
            """async () => {
              const { source } = await import("./source.js");
              const [snapshot] = (await source.ask([["zz"]])).snapshots;
              const text = document.querySelector("[data-name=s] input");
              text.value = "abc";
              text.dispatchEvent(new Event("input", { bubbles: true }));
              window.listeners.shown({ ...snapshot, values: ["zz"] });
              return text.value;
            }"""
        )
        assert kept == "abc"
        page.wait_for_function("window.told && window.told[0] === 'abc'")
        expect(page.locator(".live-readout")).to_have_text("The length is abc.")


PLACES = [["the end", [0.5, 0, 1, 1], {"x": 1}]]


class TestItCanBeClicked:
    def test_a_part_of_the_figure_sets_controls(self, show):
        page = show(about={"clickable": PLACES})
        page.get_by_role("button", name="the end").click()
        expect(page.locator(".live-figure")).to_have_attribute("data-key", "x=1")
        expect(slider(page)).to_have_attribute("aria-valuetext", "1.00")
        page.wait_for_function("window.told && window.told[0] === 1")

    def test_not_while_it_sleeps(self, show):
        page = show(about={"clickable": PLACES, "prediction": ASKS})
        expect(page.get_by_role("button", name="the end")).to_be_disabled()


class TestItShows:
    def test_what_moves_is_marked_for_a_moment(self, show):
        page = show(about={})
        slider(page).press("End")
        expect(page.locator(".live-figure")).to_have_attribute("data-marked", "1")
        ink = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
        assert page.locator(".live-marks").evaluate(ink)
        page.wait_for_function("getComputedStyle(document.querySelector('.live-marks')).opacity === '0'")

    def test_only_artists_that_differ_are_marked(self, show):
        page = show(about={})
        marked = page.evaluate(
            """async () => {
              const { markChanges } = await import("./marks.js");
              const frame = (xs) => {
                const path = { kind: "path", points: 16, stroke: "black", width: 1, clip: null };
                const head = JSON.stringify({ ops: xs.map((_, of) => ({ ...path, of })) }).padEnd(600);
                const numbers = new Float32Array(xs.flatMap((x) => [0, x, 9, NaN]));
                const bytes = new Uint8Array(604 + numbers.byteLength);
                new DataView(bytes.buffer).setUint32(0, 600, true);
                bytes.set(new TextEncoder().encode(head), 4);
                bytes.set(new Uint8Array(numbers.buffer), 604);
                return bytes;
              };
              const context = document.createElement("canvas").getContext("2d");
              const count = (a, b) => markChanges(context, frame(a), frame(b));
              return [count([1, 2, 3], [1, 2, 3]), count([1, 2, 3], [1, 9, 3]), count([1], [2, 3])];
            }"""
        )
        assert marked == [0, 1, 2]

    def test_named_word_has_the_colour_of_its_curve(self, show):
        page = show(about={"colours": {"length": "#0072b2"}}, at=0.5)
        named = page.locator(".live-readout .live-named")
        expect(named).to_have_text("length")
        assert named.evaluate("e => getComputedStyle(e).textDecorationColor") == "rgb(0, 114, 178)"
        assert page.locator("canvas[role=img]").get_attribute("aria-label") == "The length is 0.5."


CODE = {"code": ["bars.Bar", "from labs import bars"]}


class TestItCanBeCopied:
    def test_as_a_line_of_python(self, show, plain_page):
        plain_page.evaluate(
            "() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }"
        )
        page = show(about=CODE)
        page.get_by_role("button", name="Copy as Python").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        assert page.evaluate("copied") == "bars.Bar()  # from labs import bars"
        slider(page).press("End")
        page.get_by_role("button", name="Copy as Python").click()
        page.wait_for_function("copied === 'bars.Bar(x=1)  # from labs import bars'")

    def test_refused_clipboard_shows_the_line_instead(self, show, plain_page):
        plain_page.evaluate(
            "() => { navigator.clipboard.writeText = async () => { throw new Error('no'); }; }"
        )
        page = show(about=CODE)
        page.get_by_role("button", name="Copy as Python").click()
        line = page.get_by_label("The lab as Python")
        expect(line).to_have_value("bars.Bar()  # from labs import bars")
        expect(line).to_be_focused()
        assert line.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == line.input_value()
