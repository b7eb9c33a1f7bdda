import { rounded } from "./stops.js";

// What a page and its source agree on, control by control. Two hands may move a lab at once, or a hand and
// Python, and what each of them says is under way for a while. The source decides: it takes the moves in the
// order in which they come, and says with everything it shows which of this page's moves it has heard. Here, a
// control keeps its value while a move of it is on its way, or while the hand is moving it; otherwise it takes
// what the source shows. So once nothing is under way any more, page and source have the same values.

export class Agreement {
  // values: what the source shows at the start
  constructor(values) {
    this.agreed = [...values]; // what the source has, or will have when it has heard everything
    this.told = values.map(() => 0); // the number of the last move that said something of each control
    this.number = this.heard = 0; // the last move that was told, and the last one that the source has heard
  }

  // What the source has not been told yet of these values: a number, and the controls by index; null if nothing.
  tell(values) {
    const controls = [...values.keys()].filter((i) => !equal(values[i], this.agreed[i]));
    if (!controls.length) return null;
    this.number += 1;
    for (const i of controls) [this.agreed[i], this.told[i]] = [values[i], this.number];
    return { number: this.number, controls };
  }

  // The values to go on with here, when the source shows some and has heard this page's moves up to a number.
  // yields: whether what moves here is no hand but a player, which lets others go first.
  hear(shown, heard, values, yields) {
    this.heard = heard;
    return shown.map((theirs, i) => {
      if (this.told[i] > heard) return values[i];
      const [before, ours] = [this.agreed[i], values[i]];
      this.agreed[i] = theirs;
      const holds = !equal(ours, before) && (!yields || equal(theirs, before));
      return holds ? ours : theirs;
    });
  }
}

export const equal = (a, b) => rounded(a) === rounded(b);
