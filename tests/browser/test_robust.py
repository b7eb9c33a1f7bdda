"""What must not be lost: keys, kernels that go, pages that are loaded again, labs that are shown twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_labs import Counting, Plain, Slow
from tools.browser.lab import LabOnPage
from tools.browser.moves import press_keys
from tools.browser.notebook import NotebookPage

QUESTION = Plain.question()
CONTEXT = "window.jupyterapp.shell.currentWidget.sessionContext"
ALIVE = f"() => {CONTEXT}.session?.kernel?.connectionStatus === 'connected'"


def opened(page, lab_url, name="robust.ipynb"):
    """The notebook of these tests, run."""
    notebook = NotebookPage(page, lab_url, name)
    notebook.run_all()
    notebook.lab(QUESTION).wait_painted()
    return notebook


@pytest.fixture(scope="module")
def page_for_all(window, lab_url):
    page = window()
    notebook = opened(page, lab_url)
    yield notebook
    assert notebook.errors == []
    page.close()


@pytest.fixture
def notebook(page_for_all):
    """The page for all, its lab as it starts."""
    lab = page_for_all.lab(QUESTION)
    lab.button("Reset").click()
    lab.wait_value("height", 0.3)
    lab.wait_value("mood", "fine")
    return page_for_all


@pytest.fixture(scope="module")
def page_to_break(window, lab_url):
    """A notebook of its own, since pages that show the same one share its kernel."""
    page = window()
    yield opened(page, lab_url, "broken.ipynb")
    page.close()


@pytest.fixture
def fresh(page_to_break):
    """Shows, on the page that may be broken, a notebook that has a kernel and all of whose cells were run."""

    def show(name):
        page_to_break.errors.clear()
        if page_to_break.page.evaluate("jupyterapp.shell.currentWidget.context.path") != name:
            page_to_break.open(name)
        elif not page_to_break.page.evaluate(ALIVE):
            change = f"{CONTEXT}.changeKernel({{ name: 'python3' }})"
            page_to_break.page.evaluate(f"async () => {{ await {change}; }}")
        page_to_break.run_all()
        return page_to_break

    return show


@pytest.fixture
def own(fresh):
    """The notebook of these tests on that page."""
    notebook = fresh("broken.ipynb")
    notebook.lab(QUESTION).wait_painted()
    return notebook


def cells(notebook):
    return notebook.page.evaluate("window.jupyterapp.shell.currentWidget.content.model.cells.length")


@pytest.mark.parametrize(("label", "role"), [("height", "slider"), ("mood", "combobox"), ("Reset", "button")])
def test_no_key_is_a_command_of_jupyterlab(notebook, label, role):
    """`d d` deletes a cell, `a` makes one, `x` cuts it, `Enter` goes into it.

    JupyterLab hears keys on their way out; Notebook 7 on their way in, and leaves out what has the attribute.
    """
    before, lab = cells(notebook), notebook.lab(QUESTION)
    control = lab.box.get_by_role(role, name=label, exact=True)
    control.focus()
    for key in "ddabxzz00":
        notebook.page.keyboard.press(key)
    expect(control).to_be_focused()
    expect(control).to_have_attribute("data-lm-suppress-shortcuts", "true")
    assert cells(notebook) == before
    assert notebook.page.locator(".jp-Dialog").count() == 0


def test_jupyterlab_commands_work_after_a_drag(own):
    press_keys(own.lab(QUESTION), "height")


def test_every_slider_key_works(notebook):
    lab = notebook.lab(QUESTION)
    slider = lab.slider("height")
    for key, value in [
        ("Home", 0.0), ("ArrowUp", 0.05), ("ArrowRight", 0.1), ("PageUp", 0.2), ("PageDown", 0.1),
        ("End", 1.0), ("ArrowDown", 0.95), ("ArrowLeft", 0.9),
    ]:  # fmt: skip
        slider.press(key)
        lab.wait_value("height", value)


def test_the_list_answers_to_the_arrow_keys(notebook):
    lab = notebook.lab(QUESTION)
    lab.control("mood", "combobox").press("ArrowDown")
    expect(lab.error).to_be_visible()
    lab.control("mood", "combobox").press("ArrowUp")
    expect(lab.error).to_be_hidden()


def test_messages_go_in_line_with_the_cells(notebook):
    """In a thread of their own they wait for nothing: see kernel.js."""
    assert notebook.page.evaluate(f"{CONTEXT}.session.kernel.commsOverSubshells") == "disabled"


def test_a_late_thread_takes_no_message(fresh):
    """A widget that waits for it when the first lab turns it down is heard all the same, again and again."""
    notebook = fresh("late.ipynb")
    notebook.lab(QUESTION).wait_painted()
    notebook.run_code("gate.set()")
    notebook.page.evaluate(
        f"async () => {{ await {CONTEXT}.session.kernel.requestListSubshell({{}}).done; }}"
    )
    mine = notebook.page.locator(".widget-slider .noUi-handle")
    for height in ("0.31", "0.32", "0.33"):
        mine.press("ArrowRight")
        expect(notebook.lab(QUESTION).slider("height")).to_have_attribute("aria-valuetext", height)
    assert notebook.errors == []


def test_kernel_is_told_where_a_drag_ended(notebook):
    lab = notebook.lab(QUESTION)
    for share in (1.0, 0.0, 0.5):
        lab.drag("height", share, steps=8)
        lab.wait_value("height", share)
        assert notebook.told("print(plain.height, plain.result, plain.readout_text)") == (
            f"{share} {{'height': {share}}} The height is {share:.2f}."
        )


@pytest.fixture
def gate(notebook, tmp_path):
    """A cell that keeps the kernel until `opens()`, and then does something; messages wait meanwhile."""

    def shut(then=""):
        code = (
            f"import os, time\nwhile not os.path.exists({str(tmp_path / 'open')!r}): time.sleep(0.01)\n{then}"
        )
        notebook.page.evaluate(
            """code => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              window.busy = kernel.requestExecute({ code }).done;
            }""",
            code,
        )

    def opens():
        (tmp_path / "open").touch()
        notebook.page.evaluate("window.busy")

    yield shut, opens
    opens()


def agreed(notebook, boxes):
    """Slider and words of each place that shows the lab, and of the kernel, once it has heard everything."""
    notebook.told("")  # in line after all that was under way
    notebook.page.wait_for_function("new Promise(requestAnimationFrame).then(() => true)")
    seen = [(b.get_by_role("slider").get_attribute("aria-valuetext"),
             b.locator(".live-readout").text_content()) for b in boxes]  # fmt: skip
    return seen, notebook.told("print(f'{plain.height:.2f}', plain.readout_text)")


@pytest.mark.parametrize("first", ["the hand", "the cell"])
def test_simultaneous_moves_by_hand_and_cell_agree(notebook, gate, first):
    """What was sent while the cell ran is heard after it, so the hand is the last; unless a cell follows."""
    shut, opens = gate
    shut("plain.height = 0.75")
    lab = notebook.lab(QUESTION)
    lab.slider("height").press("End")
    if first == "the hand":
        notebook.page.evaluate(
            """() => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              kernel.requestExecute({ code: "plain.height = 0.25" });
            }"""
        )
    opens()
    last = "0.25" if first == "the hand" else "1.00"
    boxes = notebook.page.get_by_role("group", name=QUESTION, exact=True).all()
    words = f"The height is {last}."
    assert agreed(notebook, boxes) == ([(last, words)] * 2, f"{last} {words}")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=str)
def test_two_hands_that_rest_at_once(notebook, gate, order):
    """As in two tabs, or two people's: each has its own view of one lab."""
    shut, opens = gate
    boxes = notebook.page.get_by_role("group", name=QUESTION, exact=True)
    shut()
    for k, key in zip(order, ["End", "Home"], strict=True):
        boxes.nth(k).get_by_role("slider").press(key)
    opens()
    words = "The height is 0.00."
    assert agreed(notebook, boxes.all()) == ([("0.00", words)] * 2, f"0.00 {words}")


@pytest.mark.parametrize("how", ["session.kernel.restart", "shutdown"])
def test_a_kernel_that_goes_in_mid_drag(own, how):
    """What is kept can still be moved; for the rest there is one line, and all is well after Run All."""
    notebook = own
    lab, page = notebook.lab(QUESTION), notebook.page
    lab.slider("height").hover()
    page.mouse.down()
    page.evaluate(f"async () => {{ await {CONTEXT}.{how}(); }}")
    page.mouse.up()
    lab.control("mood", "combobox").select_option("broken")
    expect(lab.error).to_have_text(re.compile("The kernel was restarted or shut down"))
    page.evaluate(f"async () => {{ await {CONTEXT}.changeKernel({{ name: 'python3' }}); }}")
    notebook.run_all()
    again = notebook.lab(QUESTION)
    again.wait_painted()
    again.slider("height").press("End")
    again.wait_value("height", 1.0)
    expect(again.error).to_be_hidden()
    assert [error for error in notebook.errors if "Canceled future" not in error] == []  # JupyterLab's own


@pytest.mark.parametrize(
    "ends",
    [
        "session.kernel.restart()",
        "shutdown()",
        "session.kernel.requestExecute({ code: 'import os; os._exit(1)' })",
    ],
    ids=["restart", "shutdown", "death"],
)
def test_run_stops_when_its_kernel_goes(fresh, ends):
    """Nothing runs any more, so there is nothing to stop; and nothing can be run before the cell is."""
    notebook = fresh("running.ipynb")
    lab = notebook.lab(Counting.question())
    lab.wait_painted()
    lab.button("Run").click()
    expect(lab.button("Stop")).to_be_enabled()
    expect(lab.box.get_by_role("progressbar")).to_be_visible()
    notebook.page.evaluate(f"() => {{ {CONTEXT}.{ends}; }}")
    expect(lab.error).to_have_text(
        "The kernel was restarted or shut down, and this lab went with it. Run the cells again (Run All)."
    )
    expect(lab.button("Run")).to_be_disabled()
    expect(lab.button("Stop")).to_be_disabled()
    expect(lab.box.get_by_role("progressbar")).to_be_hidden()
    if "_exit" in ends:  # of this JupyterLab tells
        notebook.page.locator(".jp-Dialog .jp-mod-accept").click()
    assert [error for error in notebook.errors if "Canceled future" not in error] == []  # JupyterLab's own


def test_a_page_that_is_loaded_again(new_page, lab_url, own):
    own.lab(QUESTION).slider("height").press("End")
    own.lab(QUESTION).wait_value("height", 1.0)
    own.command("docmanager:save")
    again = NotebookPage(new_page(), lab_url, "broken.ipynb")
    again.run_all()
    lab = again.lab(QUESTION)
    lab.wait_painted()
    lab.slider("height").press("Home")
    lab.wait_value("height", 0.0)
    assert again.errors == []


def test_one_lab_shown_twice_stays_one_lab(notebook):
    boxes = notebook.page.get_by_role("group", name=QUESTION, exact=True)
    expect(boxes).to_have_count(2)
    first, second = boxes.nth(0), boxes.nth(1)
    first.get_by_role("slider").press("End")
    expect(first.locator(".live-figure")).to_have_attribute("data-key", re.compile("height=1.0"))
    expect(second.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.00")
    expect(second.locator(".live-figure")).to_have_attribute("data-key", re.compile("height=1.0"))
    second.get_by_role("slider").press("Home")
    expect(first.locator(".live-readout")).to_have_text("The height is 0.00.")


def test_it_composes_and_links(notebook):
    """In an HBox, tied to a slider of the teacher's own."""
    lab, page = notebook.lab(QUESTION), notebook.page
    assert lab.figure.bounding_box()["width"] > 300
    mine = page.locator(".widget-slider .noUi-handle")
    lab.slider("height").press("Home")
    expect(mine).to_have_attribute("aria-valuenow", "0.0")  # all that Reset and the key have sent is there
    mine.press("ArrowRight")
    expect(lab.slider("height")).to_have_attribute("aria-valuetext", "0.01")
    lab.slider("height").press("End")
    expect(mine).to_have_attribute("aria-valuenow", "1.0")


def test_lab_in_a_tab_is_painted_once_seen(notebook):
    """While its tab is hidden it has no size; a hand that comes after finds it whole."""
    page, lab = notebook.page, notebook.lab(Slow.question())
    page.get_by_role("tab", name="second").click()
    lab.wait_painted()
    lab.wait_seen()
    assert lab.figure.bounding_box()["width"] > 300
    lab.slider("height").press("End")
    lab.wait_value("height", 1.0)
    assert lab.has_ink()


def test_two_notebooks_at_once(notebook):
    """Beside each other in one window, each with a kernel of its own."""
    page = notebook.page
    page.evaluate(
        """async () => {
          const { commands } = window.jupyterapp;
          const options = { mode: "split-right" };
          const open = await commands.execute("docmanager:open", { path: "labs.ipynb", options });
          await open.context.ready;
          await open.sessionContext.ready;
          window.jupyterapp.shell.activateById(open.id);
          await commands.execute("notebook:run-all-cells");
        }"""
    )
    panels = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(panels).to_have_count(2)
    here, there = (LabOnPage(panels.nth(k), QUESTION) for k in (0, 1))
    there.wait_painted()
    for lab, key in [(here, "End"), (there, "Home"), (here, "Home"), (there, "End")]:
        lab.slider("height").press(key)
        lab.wait_value("height", float(key == "End"))
    assert here.words == "The height is 0.00."
    page.evaluate("window.jupyterapp.shell.currentWidget.dispose()")


def test_full_screen_enlarges_figure_and_words(notebook):
    """It can be left again."""
    lab, page = notebook.lab(QUESTION), notebook.page
    before = lab.figure.bounding_box()["width"], lab.readout.evaluate("e => getComputedStyle(e).fontSize")
    lab.button("Full screen").click()
    page.wait_for_function("!!document.fullscreenElement")
    wider = "([f, w]) => f.getBoundingClientRect().width > 1.4 * w"
    page.wait_for_function(wider, arg=[lab.figure.element_handle(), before[0]])
    assert float(lab.readout.evaluate("e => getComputedStyle(e).fontSize")[:-2]) > float(before[1][:-2])
    sharp = "c => c.width >= Math.floor(c.getBoundingClientRect().width * devicePixelRatio)"
    page.wait_for_function(f"c => ({sharp})(c)", arg=lab.canvas.element_handle())
    page.evaluate("document.exitFullscreen()")  # headless Chromium has no Escape of its own
    page.wait_for_function("!document.fullscreenElement")
