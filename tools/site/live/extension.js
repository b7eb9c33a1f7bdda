// Our extension of JupyterLite, written by hand in the form in which JupyterLab loads one (a module federation
// container): it opens a lesson at the cell that the address names.

const plugin = {
  id: "unrolled:cell",
  autoStart: true,
  activate: (app) => { app.restored.then(() => goToCell(app)); },
};

const cellOf = ({ hash }) => new URLSearchParams(hash.slice(1)).get("cell-id");

async function goToCell(app) {
  const wanted = cellOf(window.location);
  if (!wanted) return;
  const panel = await notebookOf(app);
  await panel.revealed;
  const cell = panel.content.widgets.find(({ model }) => model.id === wanted);
  if (cell) await panel.content.scrollToCell(cell, "start");
}

const notebookOf = (app) => new Promise((found) => {
  const look = () => (app.shell.currentWidget?.content?.widgets ? found(app.shell.currentWidget) : setTimeout(look, 50));
  look();
});

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB.unrolled = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
