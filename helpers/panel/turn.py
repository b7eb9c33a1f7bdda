"""A cell that is run right after a drag finds the lab where the hand let go.

JupyterLab has the panel's messages answered in a thread of their own, beside the cells: a cell could begin
while the message "the hand rests here" still waits behind a request for frames. So before a cell runs, the
main thread lets that message go first. Where one thread does both, order is kept anyway.
"""

import sys
import threading
import time

YIELD, PATIENCE = 0.003, 0.5
"""Seconds: what a message that has just come needs to be answered; how long a cell waits for the hand."""

_ahead = {}  # for each view of a page whose hand is further than its lab has been told: when it last asked


def heard(view, told):
    """A view has asked, or told where the hand rests; `told` says whether the lab is where the hand is."""
    if told or threading.current_thread() is threading.main_thread():
        _ahead.pop(view, None)
    else:
        _ahead[view] = time.monotonic()


def wait_for_the_hand(*_):
    """Called before a cell runs."""
    time.sleep(YIELD)
    start = time.monotonic()
    while any(start - asked < PATIENCE for asked in list(_ahead.values())):
        if time.monotonic() - start > PATIENCE:
            return
        time.sleep(YIELD)


def take_turns():
    """Have IPython call `wait_for_the_hand`, where there is one; again does nothing."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell and wait_for_the_hand not in shell.events.callbacks["pre_execute"]:
        shell.events.register("pre_execute", wait_for_the_hand)
