"""A page without a browser: what it asks of a kernel while the hand moves a slider, and what it shows."""

import time

STRIDES = (32, 16, 8, 4, 2, 1)
MOST = 8  # frames in one request
NEAR = 64  # steps: what is further off than this is no stand-in
WORK, WORK_AT_REST, REST_AFTER = 20, 45, 0.3  # ms of the kernel's time for guesses; s without a move


class Page:
    """The rules of `helpers/page/panel/frames.js` on a quick wire, for one slider in rows of another control.

    Parameters
    ----------
    last : int
        The last place of the slider; the first is 0.
    place : int
        Where it starts.
    send : callable
        Takes the number of a request and a list of keys, (row, place); `receive` is called with the answer.

    Attributes
    ----------
    shown : tuple
        The key of the frame on show; None before the first.
    made, trips : int, list of float
        Frames that came, and the seconds that each request took.
    """

    def __init__(self, last, place, send):
        self.last, self.place, self._send = last, place, send
        self.row, self.shown, self.made, self.trips = None, None, 0, []
        self._kept, self._flying, self._coming = set(), {}, set()
        self._want, self._way, self._moved, self._cost = None, 1, 0, 10
        self._sent, self._complete = 0, None

    @property
    def rests(self):
        """Whether nothing is under way any more."""
        return not self._flying

    def turn(self, row):
        """The other control is moved: a sweep of which nothing is kept, unless it was there before."""
        self.row = row
        self._follow()

    def move(self, place):
        """The hand is at this place."""
        if place != self.place:
            self._way = 1 if place > self.place else -1
            self.place, self._moved = place, time.perf_counter()
            self._follow()

    def receive(self, number, ms):
        """The frames of a request have come, and took the kernel so many ms."""
        keys, sent = self._flying.pop(number)
        self.trips.append(time.perf_counter() - sent)
        self.made += len(keys)
        self._coming.difference_update(keys)
        self._kept.update(keys)
        self._cost = max(0.1, 0.7 * self._cost + 0.3 * ms / len(keys))
        if self.shown != self._here:
            self._show()
        self._pump()

    @property
    def _here(self):
        return self.row, self.place

    def _follow(self):
        self._want = None
        self._show()
        self._pump()

    def _show(self):
        """The frame of this place; until it is here, the nearest one, and this one is wanted."""
        if self._here in self._kept:
            self.shown = self._here
            return
        if self._here not in self._coming:
            self._want = self._here
        for distance in range(1, NEAR):
            for side in (self._way, -self._way):
                key = self.row, self.place + side * distance
                if key in self._kept:
                    self.shown = key
                    return

    def _pump(self):
        """Two requests at the most: what is wanted first, with what may be wanted next."""
        while len(self._flying) < 2:
            keys = [self._want] if self._want else []
            keys += self._ahead(min(2, int(WORK / self._cost)) if keys else self._guesses())
            if not keys:
                return
            self._want = None
            self._sent += 1
            self._flying[self._sent] = keys, time.perf_counter()
            self._coming.update(keys)
            self._send(self._sent, keys)

    def _guesses(self):
        if self._flying:
            return 0  # the second place is for what the hand will want
        rests = time.perf_counter() - self._moved > REST_AFTER
        return max(1, min(MOST, int((WORK_AT_REST if rests else WORK) / self._cost)))

    def _ahead(self, most):
        """Up to `most` places that are neither here nor coming: coarse ones first, and those ahead first."""
        if self._complete == self.row:
            return []
        known, found = self._kept | self._coming | {self._want}, []
        for stride in STRIDES:
            start = round(self.place / stride) * stride
            ahead = range(start, self.last + 1 if self._way > 0 else -1, self._way * stride)
            back = range(start, -1 if self._way > 0 else self.last + 1, -self._way * stride)
            for place in (*ahead, *back):
                key = self.row, place
                if len(found) == most:
                    return found
                if 0 <= place <= self.last and key not in known and key not in found:
                    found.append(key)
        if not found and not self._coming and not self._want:
            self._complete = self.row
        return found
