"""One computation at a time, on one thread.

A page may ask for frames while a cell of the notebook is running, since a front end may handle the messages
of widgets in a thread of its own. And for matrices as small as ours, one thread of the linear algebra library
is fastest: next to a busy core, two take twice as long.
"""

import contextlib
import threading

from threadpoolctl import ThreadpoolController

_LOCK = threading.RLock()
_controller = None
_held = False


@contextlib.contextmanager
def computing():
    """Hold this while a lab computes or paints; the thread that holds it may enter again."""
    global _controller, _held
    with _LOCK:
        if _held:
            yield
            return
        if _controller is None:
            _controller = ThreadpoolController()  # looks for the libraries, once: it takes a millisecond
        with _controller.limit(limits=1, user_api="blas"):
            _held = True
            try:
                yield
            finally:
                _held = False
