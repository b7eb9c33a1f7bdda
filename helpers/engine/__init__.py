"""The engine, in NumPy: cells, back-propagation through time, and probes of what a run does."""
