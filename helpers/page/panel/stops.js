// Where a control can stand: a slider on its steps, a list at its choices, a box off or on. A line of
// text has no stops. A slider may be told the values it can take (`stops`), where not all are available.

export function stopsOf(control) {
  if (control.kind === "choice") return listed(control.choices);
  if (control.kind === "toggle") return listed([false, true]);
  if (control.kind === "slider") return control.stops ? nearest(control.stops) : stepped(control);
  return null;
}

const listed = (values) => ({ last: values.length - 1, at: (k) => values[k], index: (value) => values.indexOf(value) });

const nearest = (values) => ({
  ...listed(values),
  index: (value) => values.reduce((best, v, k) => (Math.abs(v - value) < Math.abs(values[best] - value) ? k : best), 0),
});

// The last step may be shorter than the others: the end of the range can always be reached.
function stepped({ low, high, step }) {
  const last = Math.ceil((high - low) / step - 1e-9);
  return {
    last,
    at: (k) => rounded(Math.min(high, low + k * step)),
    index: (value) => Math.min(last, Math.max(0, Math.round((value - low) / step))),
  };
}

// 0.1 + 0.2 must be 0.3: then equal values have equal keys.
export const rounded = (value) => (typeof value === "number" ? +value.toFixed(9) : value);
