"""What axe, which checks pages for people who cannot see well or use no mouse, finds in a lab."""

import importlib.resources

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

# While cells find their size a lab may slip away; then axe is asked again.
RUN = """async (box, options) => {
  const top = () => box.getBoundingClientRect().top, frame = () => new Promise(requestAnimationFrame);
  for (let n = 0; n < 50; n++) {
    box.scrollIntoView({ block: "start" });
    await frame().then(frame);
    const before = top(), { violations } = await axe.run(box, options);
    if (top() === before && before > -1 && before < innerHeight - 100) return violations;
  }
  throw new Error("the lab does not keep still");
}"""


def violations(lab, **options):
    """What axe finds in a lab while its top is on the screen: of what is off it, axe judges no colour."""
    if not lab.page.evaluate("() => Boolean(window.axe)"):
        lab.page.evaluate(AXE)
    return lab.box.evaluate(RUN, {"resultTypes": ["violations"], **options})


def words_of(found):
    """One line for each element that axe objects to."""
    return [f"{v['id']}: {n['html']} {n['failureSummary']}" for v in found for n in v["nodes"]]
