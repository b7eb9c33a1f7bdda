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

import ipywidgets

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

    n_steps = 100

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
            raise ValueError(f"max_steps is to be at least 1, not {max_steps}")
        self.stop()
        for step, result in enumerate(self.run_steps(), 1):
            self.result = result
            if step == max_steps:
                break
        self._show_result()
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
        self._task = loop.create_task(self._keep_running())

    def stop(self):
        """End the run that is going on, if there is one; what it has reached stays on show."""
        if self._cancel():
            self._show_result()

    def _cancel(self):
        """End the run; returns whether there was one."""
        going_on = self.running
        if going_on:
            self._task.cancel()
            self._task = None
        self._set_buttons()
        return going_on

    @property
    def running(self):
        """Whether a run is going on."""
        return self._task is not None and not self._task.done()

    _task = None

    async def _keep_running(self):
        """One step after the other; between two of them the kernel answers what the page has sent."""
        self._set_buttons(running=True)
        try:
            painted = 0.0
            for step, result in enumerate(self.run_steps(), 1):
                self.result = result
                if time.monotonic() - painted > PAINT_EVERY:
                    self._show_result()
                    self._set_bar(step)
                    painted = time.monotonic()
                await asyncio.sleep(0)
            self._set_bar(self.n_steps)
            self._show_result()
        except Exception as error:
            self._say(error)
        finally:
            self._set_buttons()

    def _show_result(self):
        self.readout_text = self.readout(self.result)
        self._show()

    def _refresh(self):
        """A control has moved: what was running is of no use any more, nor is its last result."""
        self._cancel()
        self._set_bar(0)
        super()._refresh()

    # On the page ----------------------------------------------------------------------------------

    def _control_widgets(self):
        self._run = ipywidgets.Button(description="Run", icon="play", button_style="primary")
        self._stop = ipywidgets.Button(description="Stop", icon="stop", disabled=True)
        self._bar = ipywidgets.IntProgress(max=self.n_steps, layout={"width": "20em"})
        self._run.on_click(lambda _: self._from_page(self.start))
        self._stop.on_click(lambda _: self._from_page(self.stop))
        return [*super()._control_widgets(), self._run, self._stop, self._bar]

    def _set_buttons(self, running=False):
        if self._view:
            self._run.disabled, self._stop.disabled = running, not running

    def _set_bar(self, step):
        if self._view:
            self._bar.max, self._bar.value = self.n_steps, step  # n_steps may depend on the controls
