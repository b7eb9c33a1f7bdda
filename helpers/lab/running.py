"""A lab that runs: something that takes seconds, such as a training, watched while it goes on.

    class Training(RunningLab):
        \"\"\"Does it learn?\"\"\"

        rate = Slider(0.01, 1.0, step=0.01, default=0.1, label="learning rate")
        n_steps = 500

        def compute(self):            # before the first step, as in any lab
            return {"losses": []}

        def run_steps(self):          # yields a result after each step
            for loss in fit(...):
                losses.append(loss)
                yield {"losses": losses}

On the page the lab has a Run button, a Stop button and a progress bar besides its controls. Without
a page, `lab.run()` runs to the end.
"""

import asyncio
import time
from types import MappingProxyType

from helpers.engine.one_thread import computing
from helpers.lab import Lab

__all__ = ["RunningLab"]

PAINT_EVERY = 0.06
"""Seconds between two pictures while it runs: often enough for the eye, seldom enough to cost little."""


class RunningLab(Lab):
    """A `Lab` whose `run_steps` can be started, watched and stopped.

    Moving a control stops the run and shows the state before the first step again.

    Attributes
    ----------
    n_steps : int
        How many results `run_steps` yields at the most: the length of the progress bar.
    running : bool
        Whether a run is going on.
    """

    keeps_frames = False
    buttons = MappingProxyType({"start": "Run", "stop": "Stop"})
    n_steps = 100

    def __init__(self, **controls):
        super().__init__(**controls)
        self._report()

    def run_steps(self):
        """Yield a result (a dict, as `compute` returns one) after each step."""
        raise NotImplementedError

    def run(self, max_steps=None):
        """Run to the end, or for some steps, and show where it came to.

        Parameters
        ----------
        max_steps : int, optional
            Stop after this many steps.

        Returns
        -------
        dict
            The last result.

        Raises
        ------
        ValueError
            If `max_steps` is not at least 1.
        """
        if max_steps is not None and max_steps < 1:
            raise ValueError(f"max_steps must be at least 1, not {max_steps}")
        self.stop()
        for step, result in enumerate(self._steps(), 1):
            self.result = result
            if step == max_steps:
                break
        self.show(self.result)
        return self.result

    def start(self):
        """Begin a run in the background of the kernel (what the Run button does).

        Raises
        ------
        RuntimeError
            Where no kernel is at work.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("start() needs a notebook's kernel; run() works without one") from None
        self.stop()
        self._turn = object()
        self._task = loop.create_task(self._keep_running(self._turn))  # named, so that it is not collected
        self._report()

    def stop(self):
        """End the run that is going on, if there is one; what it has reached stays on show."""
        going_on, self._turn = self.running, None
        if going_on:
            self.show(self.result)  # first: with its buttons the page says that nothing more will come
        self._report()

    def _end(self):
        """End the run, whatever it shows."""
        self._turn = None
        self._report()

    @property
    def running(self):
        """Whether a run is going on."""
        return self._turn is not None

    _turn = _task = None
    _done = 0

    async def _keep_running(self, turn):
        """One step after the other while it is this run's turn; between two the kernel answers the page."""
        try:
            painted = 0.0
            for step, result in enumerate(self._steps(), 1):
                with computing():  # not while a cell stops it
                    if self._turn is not turn:
                        return
                    self.result = result
                    if time.monotonic() - painted > PAINT_EVERY:
                        self.show(result)
                        self._report(step)
                        painted = time.monotonic()
                await asyncio.sleep(0)
            if self._turn is turn:
                self.show(self.result)
                self._report(self.n_steps)
        except Exception as error:
            self.say(error)
        if self._turn is turn:
            self._end()

    def _steps(self):
        """`run_steps`, each step computed in its turn with what the page asks for."""
        steps = self.run_steps()
        while True:
            with computing():
                result = next(steps, None)
            if result is None:
                return
            yield result

    def _refresh(self):
        """A control has moved: what was running is of no use any more, nor is its last result."""
        self._end()
        self._report(0)
        super()._refresh()

    def _report(self, done=None):
        """Tell the page how many steps are done, if that has changed, and which button makes sense."""
        self._done = self._done if done is None else done
        disabled = ["start"] if self.running else ["stop"]
        self.report(progress=[self._done, self.n_steps], disabled=disabled)  # controls may set n_steps
