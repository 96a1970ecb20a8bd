"""How fast an installation makes letters: events go in, and the ledger tells when each has left."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import func, select

from cases.states import EventState
from ledger import inbox, outbox, readiness
from ledger.database import Database
from ledger.tables import documents
from ledger.tables import outbox as messages
from schemas.errors import Misconfigured, Unavailable
from workers.clock import now
from workers.usage import Usage, usage

#: seconds between two looks at the ledger: more of them took a tenth of the CPU that is measured
_LOOK_SECONDS = 0.25
#: seconds without a letter after which it is given up
_PATIENCE_SECONDS = 120.0

Publish = Callable[[Sequence[bytes]], None]
Report = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the letters of some events took."""

    letters: int
    #: from the first event to the last announced letter
    seconds: float
    #: seconds from the publishing to each announcement, in rising order
    waits: tuple[float, ...]
    #: of the workers with all that they started
    used: Usage

    def wait(self, share: float) -> float:
        """Seconds within which ``share`` (0 to 1) of the letters were announced."""
        return self.waits[min(int(share * len(self.waits)), len(self.waits) - 1)]


class Measuring:
    """Workers of its own at work on the ledger, from the beginning of a block to its end."""

    def __init__(self, database: Database, publish: Publish) -> None:
        self._database = database
        self._publish = publish
        self._tree: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._database.reading() as connection:
            if connection.execute(select(func.count()).select_from(documents)).scalar_one():
                raise Misconfigured(
                    "此账本已有文书，虚构案件会占用其文号；请在空的 HANYIN_HOME 中"
                    "，或空的数据库、虚拟主机和存储桶上测速",
                    "this ledger has documents, and made-up cases would draw numbers among"
                    " them; measure in an empty HANYIN_HOME, or on an empty database, virtual"
                    " host and bucket",
                )
        self._tree = subprocess.Popen([sys.executable, "-m", "commands", "work"])
        return self

    def __exit__(self, *_: object) -> None:
        if self._tree is not None:
            self._tree.terminate()
            self._tree.wait(60)

    def measure(self, events: Sequence[bytes], report: Report = lambda _: None) -> Measured:
        """The letters of ``events`` are announced.

        Raises ``Unavailable`` where no letter comes for long, or the workers end.
        """
        known, before = self._announced(), self._usage()
        # before they are published: the workers may take them in at once
        goal = self._received() + len(events)
        since = now()
        self._publish(events)
        self._wait(goal, report)
        waits = sorted(
            (at - since).total_seconds()
            for message, at in self._announced().items()
            if message not in known
        )
        return Measured(
            letters=len(waits),
            seconds=waits[-1],
            waits=tuple(waits),
            used=self._usage().since(before),
        )

    def _received(self) -> int:
        with self._database.reading() as connection:
            return inbox.count_all(connection)

    def _wait(self, goal: int, report: Report) -> None:
        """``goal`` events were taken in, each is settled, nothing is left to be made or sent."""
        seen, deadline = -1, time.monotonic() + _PATIENCE_SECONDS
        while (left := self._left(goal)) > 0:
            if left != seen:
                seen, deadline = left, time.monotonic() + _PATIENCE_SECONDS
                report(left)
            if self._tree is None or self._tree.poll() is not None:
                raise Unavailable(
                    "工作进程已结束；hanyin doctor 查找原因",
                    "the workers ended; `hanyin doctor` looks for the reason",
                )
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"{left} 个事件、文书和消息没有进展",
                    f"{left} events, letters and messages do not get on",
                )
            time.sleep(_LOOK_SECONDS)

    def _left(self, goal: int) -> int:
        with self._database.reading() as connection:
            return (
                goal
                - inbox.count_all(connection)
                + inbox.count(connection, EventState.RECEIVED)
                + readiness.count_ready(connection, now=datetime.now(UTC))
                + readiness.count_claimed(connection)
                + outbox.count_due(connection)
            )

    def _announced(self) -> dict[str, datetime]:
        """When each letter's announcement was confirmed, by the message's id."""
        query = select(messages.c.message_id, messages.c.sent_at).where(
            messages.c.type == "hanyin.document.archived.v1", messages.c.sent_at.is_not(None)
        )
        with self._database.reading() as connection:
            return {row.message_id: row.sent_at for row in connection.execute(query)}

    def _usage(self) -> Usage:
        return usage(self._tree.pid) if self._tree else Usage(cpu={}, memory=0)
