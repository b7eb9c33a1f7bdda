// Our extension of JupyterLite, written by hand in the form in which JupyterLab loads one (a module federation
// container). It opens a lesson at the cell that the address names, keeps what is written in the browser at once,
// leads back to the pages, and says in a line above the lesson what a learner has to know.

const LIVE = new URL("../../", document.currentScript.src); // this file lies in extensions/unrolled/
const PAUSE = 800; // ms without a change, after which it is kept
const LOOKS = 20; // how often a cell that is gone to is brought back into view
const WAIT = 5000; // ms between two looks whether Python can come
const NO_PYTHON = "Python cannot start in this page: the network is missing. When it is back, load the page again.";
const NOT_KEPT = "This browser keeps nothing of what you write here. Before you leave, take it with you: File → Download.";

async function open(app) {
  await app.restored;
  const panel = await notebookOf(app);
  await panel.context.ready;
  document.addEventListener("click", leadBack, { capture: true });
  keep(panel.context);
  if (!(await canKeep())) tell(NOT_KEPT);
  await goToCell(panel);
  await watch(panel.sessionContext);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function notebookOf({ shell }) {
  while (!shell.currentWidget?.context?.model?.cells) await pause(100);
  return shell.currentWidget;
}

async function goToCell({ content, revealed }) {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("cell-id");
  await revealed;
  const cell = content.widgets.find(({ model }) => model.id === wanted);
  if (!cell) return;
  content.activeCellIndex = content.widgets.indexOf(cell);
  // The cells above it still find their height: until then it is brought back, unless the learner has taken over.
  let here = true;
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(kind, () => { here = false; }, { capture: true, once: true });
  for (let k = 0; k < LOOKS && here; k++, await pause(PAUSE / 4)) cell.node.scrollIntoView({ block: "start" });
}

// JupyterLab takes a link to a page of the site for one to a file of the learner's.
function leadBack(event) {
  const link = event.target.closest?.(".jp-Notebook a[href$='.html']");
  if (!link || !link.href.startsWith(LIVE.href)) return;
  event.preventDefault();
  event.stopPropagation();
  location.href = new URL(`../${link.pathname.split("/").pop()}`, LIVE);
}

// JupyterLab's own saving takes what is written while it saves for saved. Here a change is kept in any case.
function keep(context) {
  let [changes, timer, saving] = [0, 0, false];
  const say = (kept) => { document.body.dataset.kept = kept; };
  const save = async () => {
    if (saving) return;
    saving = true;
    const saved = changes;
    await context.save().catch(() => {});
    saving = false;
    if (saved === changes) say(true);
    else later();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  context.model.contentChanged.connect(() => {
    changes++;
    say(false);
    later();
  });
  say(true);
}

// Whether the browser has a place for what is written, which a private window may not have.
async function canKeep() {
  try {
    const asked = indexedDB.open("unrolled");
    await new Promise((done, fail) => Object.assign(asked, { onsuccess: done, onerror: fail }));
    asked.result.close();
    return true;
  } catch {
    return false;
  }
}

// Where a file of Pyodide does not come, the kernel waits for ever and says nothing.
async function watch({ session }) {
  const started = () => ["idle", "busy"].includes(session?.kernel?.status);
  for (await pause(WAIT); !started(); await pause(WAIT)) if (!(await reachable())) return tell(NO_PYTHON);
}

const reachable = () => fetch(new URL("pyodide/pyodide.asm.wasm", LIVE), { method: "HEAD", cache: "no-store" }).then(() => navigator.onLine, () => false);

function tell(words) {
  const line = document.createElement("p");
  Object.assign(line, { textContent: words, role: "alert", className: "unrolled-line" });
  const look = { position: "fixed", zIndex: 9999, left: 0, right: 0, bottom: 0, margin: 0, padding: "0.5em 1em" };
  Object.assign(line.style, look, { background: "#7a3b00", color: "#fff", font: "16px/1.4 system-ui, sans-serif" });
  document.body.append(line);
}

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB.unrolled = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: { id: "unrolled:lesson", autoStart: true, activate: (app) => { open(app); } } }),
};
