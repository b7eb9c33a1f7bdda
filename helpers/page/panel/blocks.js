// The blocks of numbers of each kind of operation, in the order in which a frame writes them, and what they hold:
// places on the page in pixels (x, y, x, y, ...), other numbers with a fraction, or bytes. Places and fractions are
// 32-bit floats. What stands in braces is JSON, so that blocks.py can read it.
export const BLOCKS = {
  "path": { "points": "places", "codes": "bytes" },
  "stamp": { "points": "fractions", "codes": "bytes", "spots": "places" },
  "stamps": {
    "points": "fractions", "codes": "bytes", "spots": "places", "sizes": "fractions", "faces": "bytes", "edges": "bytes"
  },
  "image": { "palette": "bytes", "cells": "bytes" },
  "text": {}
};
