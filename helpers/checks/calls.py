"""Where a learner's code runs: on copies, for a limited time, and only a value comes out.

A check is a function from answers to `Feedback`, made with `exercise`. A check of a learner's function runs
it with `call`.
"""

import contextlib
import copy
import ctypes
import dis
import functools
import re
import sys
import threading
import time
import types
import warnings

import numpy as np

from helpers.checks.answers import Refused, StillOpen, TookTooLong, is_open, kind, words
from helpers.checks.feedback import left_open, not_yet

SECONDS = 10.0  # the longest time that a check may compute; most take a few milliseconds
LATE = 6  # how many times as long it may last: a busy computer takes its time, and some code waits
ONE_THREAD = sys.platform == "emscripten"  # Python in a browser can start no other
SURE_TO_END = ("numpy", "helpers.engine", "helpers.training", "helpers.tasks")  # not watched line by line


TOO_LONG = "Stopped after {seconds:g} seconds of computing: is there a loop that never ends?"


def exercise(task, patience=1):
    """Make a check of a function that judges answers.

    Parameters
    ----------
    task : str
        What is asked, in one sentence. A learner who has not answered reads this and no more, so it says
        nothing that the task on the page does not say.
    patience : float
        How many times `SECONDS` it may compute; more than 1 if the check trains a network.

    Returns
    -------
    callable
        Takes the answers and returns `Feedback`, whatever they are. An answer that is still `...`, or an
        empty function, is open. `Refused` becomes feedback; warnings and overflow caused by an answer are
        silent; after `SECONDS` of computing, times `patience`, it is stopped. KeyboardInterrupt gets
        through. The attribute `task` holds the task.
    """

    def decorate(judge):
        @functools.wraps(judge)
        def check(*answers):
            seconds = patience * SECONDS
            if any(is_open(answer) or is_stub(answer) for answer in answers):
                return left_open(task)
            try:
                with _quiet(), _no_exit(answers), _at_most(seconds):
                    return judge(*answers)
            except StillOpen:
                return left_open(task)
            except Refused as refusal:
                return not_yet(str(refusal))
            except TookTooLong:
                return not_yet(TOO_LONG.format(seconds=seconds))

        check.task = task
        return check

    return decorate


def call(function, *arguments):
    """What a learner's function returns for copies of these arguments.

    Raises
    ------
    Refused
        If it is not a function, stops with an exception, or returns nothing.
    StillOpen
        If it returns `...`.
    """
    if not callable(function):
        raise Refused(f"A function is expected; this is {kind(function)}.")
    try:
        value = function(*copy.deepcopy(arguments))
    except (KeyboardInterrupt, TookTooLong):
        raise
    except BaseException as error:
        raise Refused(_why_it_stopped(error)) from None
    if value is None:
        raise Refused("Your function returns nothing: did you forget `return`?")
    if value is ...:
        raise StillOpen
    if type(value) is types.CoroutineType:
        value.close()  # or Python warns, later, that it was never awaited
        raise Refused("A plain function is expected; this one is `async`.")
    return value


def _why_it_stopped(error):
    if isinstance(error, SystemExit):
        return "Your function calls exit() or quit(), which ends the whole program. Use return."
    if isinstance(error, RecursionError):
        return "Your function calls itself again and again, without end."
    said = words(error)
    if said.startswith("ValueError: matmul"):  # NumPy's own words speak of its inside
        sizes = (re.search(r"\((size.*)\)", said) or [""] * 2)[1]
        return (MISFIT_OF_SIZES if sizes else MISFIT).format(sizes=sizes)
    hint = next((hint for part, hint in ERRORS.items() if part in said), "")
    return f"Your function stopped with {said}. {hint}".rstrip()


PRODUCT = "In `A @ B`, A has as many columns as B has rows."
MISFIT = f"Your function stopped at an `@` whose two sides do not fit. {PRODUCT}"
MISFIT_OF_SIZES = f"Your function stopped at an `@` whose two sides do not fit ({{sizes}}). {PRODUCT}"
ERRORS = {
    "is out of bounds": "Does a loop go one step too far?",
    "broadcast together with shapes (0,)": "To add a row to a list, append it.",
    "broadcast together": "Is there a `*` where an `@` is meant?",
    "'ellipsis'": "There are still dots in it.",
}


def is_stub(function):
    """Whether this function contains only `...`, `pass`, `return ...` or a docstring."""
    if type(function) is not types.FunctionType:
        return False
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP")]
    nothing = ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE")
    return all(step.opname in nothing and step.argval in (None, ...) for step in steps)


@contextlib.contextmanager
def _quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _no_exit(answers):
    """In a notebook, exit() does not raise: it shuts the kernel down, and all results are lost."""
    scopes = [answer.__globals__ for answer in answers if type(answer) is types.FunctionType]
    found = [(scope, name, scope[name]) for scope in scopes for name in ("exit", "quit") if name in scope]
    for scope, name, _ in found:
        scope[name] = sys.exit
    try:
        yield
    finally:
        for scope, name, own in found:
            scope[name] = own


def _at_most(seconds):
    """Raise TookTooLong in this thread after this many seconds.

    Python raises it between two bytecode instructions, so it ends a loop in a learner's code. It cannot end a
    loop inside a single call of NumPy or of list(...), or a sleep.
    """
    return _watched(seconds) if ONE_THREAD else _timed(seconds)


@contextlib.contextmanager
def _timed(seconds):
    """A thread that waits raises it: after so many seconds of computing, where the system counts them."""
    thread, done = threading.get_ident(), threading.Event()
    computed, lasted = _computing_clock(thread), time.monotonic
    raise_later = ctypes.pythonapi.PyThreadState_SetAsyncExc
    most, latest = computed() + seconds, lasted() + LATE * seconds

    def watch():
        while (left := min(most - computed(), latest - lasted())) > 0:
            if done.wait(left):
                return
        raise_later(ctypes.c_ulong(thread), ctypes.py_object(TookTooLong))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        raise_later(ctypes.c_ulong(thread), None)  # in case it came between the last instruction and here


def _computing_clock(thread):
    """A function that tells how many seconds this thread has computed; else the time of day, in seconds."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    return functools.partial(time.clock_gettime, time.pthread_getcpuclockid(thread))


@contextlib.contextmanager
def _watched(seconds):
    """In one thread, the clock is read at each line of a learner's code, and of the checks."""
    end, before = time.monotonic() + seconds, sys.gettrace()

    def look(frame, event, _):
        if time.monotonic() > end:
            raise TookTooLong
        return None if frame.f_globals.get("__name__", "").startswith(SURE_TO_END) else look

    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)
