"""A page with the panel and nothing else, for tests: its files beside a source of frames of ten lines."""

import pytest

from helpers.page.panel import module
from tools.browser.servers import files_at

# A frame is a bar as long as the slider says; its bytes are written from the format's description.
SOURCE = """
export const asked = [];
const range = { low: 0, high: 1, step: 0.01, decimals: 2, default: 0 };
const control = { kind: "slider", name: "x", label: "length", ...range };
const bar = ([x]) => {
  const path = { kind: "path", points: 16, fill: "rgba(200,0,0,1)", clip: null };
  const head = JSON.stringify({ key: `x=${x}`, ops: [path] }).padEnd(200), frame = new Uint8Array(220);
  new DataView(frame.buffer).setUint32(0, 200, true);
  frame.set(new TextEncoder().encode(head), 4);
  frame.set(new Uint8Array(new Float32Array([0, 20, 400 * x, 20]).buffer), 204);
  return { frame, words: `The length is ${x}.`, error: "" };
};
export const source = {
  about: { question: "How long?", controls: [control], size: [400, 40], keeps: true },
  stills: { beneath: new Uint8Array(0), above: new Uint8Array(0) },
  shown: { values: [0], ...bar([0]) },
  async ask(list) {
    asked.push(...list);
    await window.delay?.();
    return { snapshots: list.map(bar), ms: 1 };
  },
  async rest(values) { (window.rests ??= []).push(window.told = values); },
};
"""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A lab</title>
<link rel="stylesheet" href="panel.css"><body></body>
<script type="module">
import { showPanel } from "./panel.js";
import { asked, source } from "./source.js";
window.asked = asked;
window.close = showPanel(document.body, source);
</script>"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The panel's files beside the page, as a site would have them."""
    folder = tmp_path_factory.mktemp("site")
    for file in module.FOLDER.glob("*.[jc]s*"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "source.js").write_text(SOURCE)
    (folder / "index.html").write_text(PAGE)

    with files_at(folder) as url:
        yield f"{url}/index.html"


@pytest.fixture
def plain_page(new_page, address):
    page = new_page()
    page.goto(address)
    page.locator(".live-figure[data-painted]").wait_for()
    return page
