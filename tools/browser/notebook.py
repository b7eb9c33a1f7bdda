"""A notebook open in a real JupyterLab."""

import time

from tools.browser.chromium import slow_down
from tools.browser.lab import LabOnPage

# What the notebook's cells have written to stderr or raised; asked of the notebook, since the page leaves out
# what is off the screen.
FAILED = r"""() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .flatMap(cell => cell.outputs?.toJSON() ?? [])
  .filter(output => output.name === "stderr" || output.output_type === "error")
  .map(output => output.text ?? `${output.ename}: ${output.evalue}`).join("\n")"""

# Another notebook in the place of the one that is shown.
OPEN = """async ([path, ends]) => {
  const { commands, shell } = window.jupyterapp, before = shell.currentWidget;
  const open = await commands.execute("docmanager:open", { path });
  await open.context.ready;
  await open.sessionContext.ready;
  shell.activateById(open.id);
  if (ends) await before.sessionContext.shutdown().catch(() => {}); // its kernel may be gone
  before.dispose();
}"""


class NotebookPage:
    """One notebook open in JupyterLab.

    `page` is Playwright's page; the methods find a lab's parts and move them as a hand would.
    """

    def __init__(self, page, url, notebook):
        self.page = page
        slow_down(page)
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        workspace = f"w{time.time_ns()}"
        page.goto(f"{url}/lab/workspaces/{workspace}/tree/{notebook}?reset")
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )

    def open(self, notebook, ends=True):
        """Close the notebook and open another one, without loading JupyterLab again.

        With `ends` the kernel of the one that is closed is shut down.
        """
        self.page.evaluate(OPEN, [notebook, ends])
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)

    def command(self, name):
        """Run a JupyterLab command and wait until it is done."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def run_all(self):
        """Run every cell; raises if one failed."""
        self.command("notebook:run-all-cells")
        if failed := self.page.evaluate(FAILED):
            raise AssertionError(failed)

    def run_code(self, code):
        """Run code in the notebook's kernel, without a cell."""
        self.page.evaluate(
            """async code => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              const reply = await kernel.requestExecute({ code }).done;
              if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
            }""",
            code,
        )

    def told(self, code):
        """What this code prints in the kernel."""
        return self.page.evaluate(
            """async code => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              const asked = kernel.requestExecute({ code });
              let text = "";
              asked.onIOPub = (message) => { text += message.content.text ?? ""; };
              await asked.done;
              return text.trim();
            }""",
            code,
        )

    def lab(self, question):
        """The lab that asks this question (`Lab.question()`)."""
        return LabOnPage(self.page, question)
