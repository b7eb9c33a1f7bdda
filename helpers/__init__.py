"""Unrolled: the engine, the live figure and the labs behind the notebooks."""
