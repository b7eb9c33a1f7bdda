// What a key that is pressed in a panel is for: its controls, or the program around it. Letters and other plain
// keys stay here (in JupyterLab `d d` deletes a cell), and so do those that edit a line of text. What no control
// uses goes through: saving, running the cell. Escape gives the focus back to the cell.

const EDITING = /^(Arrow.*|Home|End|Backspace|Delete|Insert)$/;

// Returns how to stop guarding. JupyterLab hears keys on their way out, where they can be stopped; Notebook 7 on
// their way in, before any listener of a panel. Both pass over what has the attribute data-lm-suppress-shortcuts,
// and of all listeners only the window's come before theirs.
export function guardKeys(root) {
  const mark = (event) => { if (root.contains(event.target)) suppress(event.target, !isCommand(event)); };
  const stop = (event) => { if (!isCommand(event)) event.stopPropagation(); };
  window.addEventListener("keydown", mark, true);
  for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, stop);
  root.addEventListener("keydown", ({ key, target }) => { if (key === "Escape") leave(root, target); });
  return () => window.removeEventListener("keydown", mark, true);
}

function suppress(target, yes) {
  if (yes) target.dataset.lmSuppressShortcuts = "true";
  else delete target.dataset.lmSuppressShortcuts;
}

function isCommand(event) {
  const held = event.ctrlKey || event.metaKey;
  if (event.key === "Enter") return held || event.shiftKey || event.altKey;
  if (!held || event.getModifierState("AltGraph")) return false; // AltGr and a letter write another letter
  return !(event.target.matches("input[type=text]") && edits(event));
}

const edits = ({ key, shiftKey }) => EDITING.test(key) || (shiftKey ? "vz" : "acvxyz").includes(key.toLowerCase());

function leave(root, target) {
  const cell = root.parentElement?.closest("[tabindex]");
  if (cell) cell.focus({ preventScroll: true });
  else target.blur();
}
