"""The memory race as a learner runs it: start, watch, stop, change a control, start again."""

from playwright.sync_api import expect

from helpers.labs.race.race import Race
from tools.browser.notebook import NotebookPage


def wait_words(lab, part):
    expect(lab.readout).to_contain_text(part)


def test_start_watch_stop_change_and_start_again(new_page, lab_url):
    page = NotebookPage(new_page(viewport={"width": 1280, "height": 720}), lab_url, "race.ipynb")
    page.run_all()
    lab = page.lab(Race.question())
    lab.wait_painted()
    lab.wake()
    lab.choose("length", "middle")
    wait_words(lab, "T = 60")
    wait_words(lab, "not been raced yet")

    lab.button("Run").click()
    wait_words(lab, "left")
    seen = lab.painted
    page.page.wait_for_function(
        "([figure, seen]) => +figure.dataset.painted > seen + 3", arg=[lab.figure.element_handle(), seen]
    )
    lab.button("Stop").click()
    expect(lab.button("Run")).to_be_enabled()
    expect(lab.button("Stop")).to_be_disabled()
    kept = lab.words
    assert "LSTM, keep long" in kept
    assert lab.has_ink()

    lab.choose("task", "parity")  # another race: nothing was run there yet
    wait_words(lab, "not been raced yet")
    lab.button("Run").click()
    wait_words(lab, "left")
    lab.choose("task", "temporal order")  # a control ends the run, and does not wait for it
    expect(lab.readout).to_have_text(kept)  # what was learnt there is there still
    expect(lab.button("Run")).to_be_enabled()
    assert page.errors == []
