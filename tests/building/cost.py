"""What work on an SQLite ledger costs, in instructions of its machine: the same on every run."""

from collections.abc import Callable
from typing import Any, Self

from sqlalchemy import Engine, event

#: instructions between two ticks
_TICK = 50


class Cost:
    """Counts for every connection that is opened in its block."""

    def __init__(self) -> None:
        #: so often ``_TICK`` instructions were done
        self.ticks = 0

    def __enter__(self) -> Self:
        event.listen(Engine, "connect", self._watch)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "connect", self._watch)

    def of(self, step: Callable[[], object]) -> int:
        """The instructions of one ``step``."""
        before = self.ticks
        step()
        return (self.ticks - before) * _TICK

    def _watch(self, connection: Any, _: Any) -> None:
        connection.set_progress_handler(self._tick, _TICK)

    def _tick(self) -> int:
        self.ticks += 1
        return 0
