"""One computation at a time, on one thread.

A page may ask for frames while a cell runs: a front end can have widgets answered in a thread of their
own. And for matrices as small as ours one thread of the linear algebra library is fastest: beside a busy
core two take twice as long.
"""

import contextlib
import threading

from threadpoolctl import ThreadpoolController

_LOCK = threading.RLock()
_controller = None
_held = False


@contextlib.contextmanager
def computing():
    """Hold this while a lab computes. It may be held again by the thread that holds it already."""
    global _controller, _held
    with _LOCK:
        if _held:
            yield
            return
        if _controller is None:
            _controller = ThreadpoolController()  # looks for the libraries once: that takes a millisecond
        with _controller.limit(limits=1, user_api="blas"):
            _held = True
            try:
                yield
            finally:
                _held = False
