"""How much a speaker may have parked, rejected and sent on a day, in all and for one case.

For one case too it is the speaker that is counted: nobody uses up what another may send for it.
"""

from datetime import timedelta

from sqlalchemy import Connection

from cases.states import EventState
from ledger import trail, usage
from ledger.inbox import InboxEvent
from ledger.usage import Key, Used
from schemas.codes import Problem
from schemas.configuration import Directory
from schemas.errors import Invalid
from workers.clock import Clock, today
from workers.permission import OPERATOR_EXCHANGE
from workers.settings import Settings

#: days that counts are kept
KEPT = timedelta(days=7)

#: agency and case number; None for an event of no case of ours
Case = tuple[str, str] | None


class Quotas:
    """The counts of one transaction: read when they are asked for, written at its end.

    Transactions that run beside each other do not see each other's counts: a quota is passed by
    no more than what they hold.
    """

    def __init__(
        self, connection: Connection, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._connection = connection
        self._directory = directory
        self._settings = settings
        self._clock = clock
        self._day = today(clock)
        self._before: dict[Key, Used] = {}
        self._added: dict[Key, Used] = {}
        #: code and details: raised with the counts, for a refused event's savepoint is undone
        self._alarms: list[tuple[str, dict[str, object]]] = []

    def exceeded(self, event: InboxEvent, case: Case) -> Problem | None:
        """Why the received ``event`` is not looked at today; None where it is."""
        account = self._account(event)
        if account is None or event.state is not EventState.RECEIVED:
            return None
        settings, whole = self._settings, (account, "", "")
        if self._used(whole, "bytes") + _size(event) > settings.quota_bytes:
            return self._refusal("quota_bytes", settings.quota_bytes, whole)
        limits = settings.quota_rejected, settings.quota_rejected_case
        return self._beyond("quota_rejected", "rejected", account, case, limits)

    def require_room(self, event: InboxEvent, case: Case) -> None:
        """Raise ``Invalid`` where the speaker has no more events parked today."""
        account = self._account(event)
        if account is None or event.state is not EventState.RECEIVED:
            return
        settings = self._settings
        limits = settings.quota_parked, settings.quota_parked_case
        problem = self._beyond("quota_parked", "parked", account, case, limits)
        if problem is not None:
            raise Invalid([problem])

    def count(self, event: InboxEvent, case: Case, state: EventState) -> None:
        """The ``event``, received or parked until now, is in ``state``."""
        account = self._account(event)
        if account is None:
            return
        name = {EventState.PARKED: "parked", EventState.REJECTED: "rejected"}.get(state)
        if event.state is EventState.RECEIVED:
            self._add((account, "", ""), "bytes", _size(event))
        if name is not None:
            self._add((account, "", ""), name, 1)
            if case is not None:
                self._add((account, *case), name, 1)

    def write(self) -> None:
        """The counts are in the ledger; nothing may be locked behind them."""
        usage.add(self._connection, self._added, day=self._day)
        for code, details in self._alarms:
            trail.note(
                self._connection,
                at=self._clock(),
                actor="apply",
                action=f"{code}_used_up",
                details=details,
                alarm=True,
            )
        self._added.clear()
        self._alarms.clear()

    def _beyond(
        self, code: str, name: str, account: str, case: Case, limits: tuple[int, int]
    ) -> Problem | None:
        whole, (most, most_of_case) = (account, "", ""), limits
        used = self._used(whole, name)
        if used >= most:
            return self._refusal(code, most, whole)
        # no case has used up more than all together
        if case is not None and used >= most_of_case:
            key = (account, *case)
            if self._used(key, name) >= most_of_case:
                return self._refusal(code, most_of_case, key)
        return None

    def _refusal(self, code: str, limit: int, key: Key) -> Problem:
        if not (self._before[key].warned or self._added.setdefault(key, Used()).warned):
            self._added[key].warned = True
            self._alarms.append((code, {"speaker": key[0], "agency": key[1], "limit": limit}))
        return Problem.of("", code, limit=limit)

    def _used(self, key: Key, name: str) -> int:
        if key not in self._before:
            self._before[key] = usage.of(self._connection, key, day=self._day)
        before: int = getattr(self._before[key], name)
        added: int = getattr(self._added.get(key, Used()), name)
        return before + added

    def _add(self, key: Key, name: str, count: int) -> None:
        used = self._added.setdefault(key, Used())
        setattr(used, name, getattr(used, name) + count)

    def _account(self, event: InboxEvent) -> str | None:
        """Who is charged: the RabbitMQ user, else the source; None for an operator's order."""
        if event.exchange == OPERATOR_EXCHANGE:
            return None
        if event.user_id:
            return f"user {event.user_id}"
        source = self._directory.source_of(event.source) if event.source else None
        return f"source {source.slug}" if source else "unknown"


def _size(event: InboxEvent) -> int:
    return event.raw_size or len(event.raw)
