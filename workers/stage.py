"""A stage of the way of an event, and the loop that keeps it going."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import structlog

from schemas.errors import Unavailable
from schemas.sentence import Sentence

_log = structlog.get_logger(__name__)

#: seconds between two looks when there was nothing to do, doubled up to the second value. What
#: this tree of processes does wakes a stage at once; what others do, or time, is found by looking
IDLE_SECONDS = (0.25, 1.0)
#: seconds between two tries when a server is away: doubled up to the second value
_AWAY_SECONDS = (0.5, 10.0)
#: stages, and those by whose work there is nothing new for them: a made letter is no event
_NOTHING_FROM = {"apply": ("produce", "relay")}


class Stage(Protocol):
    """One step of the work; each call is whole, and safe to end at any line."""

    name: str

    def step(self) -> int:
        """Some work is done; how much (0: there was none). Raises ``Unavailable``."""

    def close(self) -> None:
        """Connections are given back."""


class Bell:
    """Rung by whoever has done something: there may be work for others now."""

    def __init__(self) -> None:
        self._listeners: list[tuple[str, Callable[[], None]]] = []

    def tell(self, listener: Callable[[], None], *, stage: str = "") -> None:
        """``listener`` of ``stage`` is called at rings, in the thread that rings."""
        self._listeners.append((stage, listener))

    def ring(self, by: str = "") -> None:
        """Who may have work by what the stage ``by`` did looks for it, without waiting."""
        for stage, listener in self._listeners:
            if by not in _NOTHING_FROM.get(stage, ()):
                listener()


class Loop:
    """A thread that takes a stage's steps until it is stopped; servers away are waited for."""

    def __init__(self, stage: Stage, bell: Bell | None = None, *, waits: bool = True) -> None:
        self.stage = stage
        #: False where a step that finds nothing has waited by itself
        self._waits = waits
        self._bell = bell or Bell()
        self._wake = threading.Event()
        self._bell.tell(self.wake, stage=stage.name)
        #: steps in a row that found nothing to do
        self.idle_steps = 0
        #: set where the stage met a defect; the process must end
        self.broken: BaseException | None = None
        #: why the stage cannot work, while a server is away
        self.away_reason = Sentence("", "")
        self._away_since: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=stage.name, daemon=True)

    def start(self) -> None:
        """The stage is at work."""
        self._thread.start()

    def stop(self) -> None:
        """The stage ends after the step that it is at."""
        self._stop.set()
        self._wake.set()

    def wake(self) -> None:
        """The stage looks for work now."""
        self._wake.set()

    def join(self, timeout: float) -> bool:
        """True where the stage has ended within ``timeout`` seconds."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def away_seconds(self) -> float:
        """For how long a server that the stage needs has been away."""
        return time.monotonic() - self._away_since if self._away_since else 0.0

    def _pause(self) -> float:
        first, longest = IDLE_SECONDS
        return min(first * (1 << min(self.idle_steps - 1, 16)), longest)

    def _run(self) -> None:
        away = _AWAY_SECONDS[0]
        try:
            while not self._stop.is_set():
                # before the step: a ring while it looks makes it look again
                self._wake.clear()
                try:
                    done = self.stage.step()
                except Unavailable as error:
                    _log.warning("a server is away", stage=self.stage.name, reason=str(error))
                    self.idle_steps = 0
                    self.away_reason = error.sentence
                    self._away_since = self._away_since or time.monotonic()
                    self._stop.wait(away)
                    away = min(away * 2, _AWAY_SECONDS[1])
                    continue
                away = _AWAY_SECONDS[0]
                self._away_since = None
                self.idle_steps = 0 if done else self.idle_steps + 1
                if done:
                    self._bell.ring(self.stage.name)
                elif self._waits and not self._stop.is_set():
                    self._wake.wait(self._pause())
        except BaseException as error:  # noqa: BLE001 -- told to the main thread, which ends
            self.broken = error
            _log.exception("a stage met a defect and ends", stage=self.stage.name)
        finally:
            self.stage.close()


def backoff(attempt: int, first: float) -> timedelta:
    """How long to wait after the ``attempt``-th try (1, 2, …): doubled, at most 5 minutes."""
    return timedelta(seconds=min(first * 2 ** min(attempt - 1, 16), 300))
