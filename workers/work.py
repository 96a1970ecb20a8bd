"""``hanyin work``: the stages at work, until they are told to stop or nothing is left to do."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from cases.states import EventState
from ledger import alarms, attachments, cases, deaths, inbox, outbox, readiness
from ledger.database import Database
from schemas.configuration import Directory
from schemas.errors import Unavailable
from workers import assembly, bootstrap
from workers.clock import now
from workers.home import owned
from workers.processes import Producers, keep_what_is_there, producer_count
from workers.receiving import Receive
from workers.settings import Settings
from workers.stage import Bell, Loop, Stage
from workers.tokens import patience_of

_log = structlog.get_logger(__name__)

STAGES = ("receive", "apply", "produce", "relay", "reconcile")
#: the stages that speak to the broker; the others need no login to it
_SPEAKING = {"receive", "relay"}
#: seconds in which intake may catch up before apply begins, when it is not to drain
_CATCH_UP_SECONDS = 10.0
#: steps without a delivery after which the intake counts as empty
_EMPTY_STEPS = 2
#: between two looks at what is left, times as long as a look takes
_LOOK_EVERY = 20
_TICK_SECONDS = 0.1
#: seconds for which the end waits for the webhook
_TELLING_SECONDS = 7.0
#: seconds for which a drain waits for a server that is away
_DRAIN_WAITS_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How much is still to be done; counts of ledger rows."""

    events: int
    documents: int
    messages: int
    #: attachments that are in the ledger and not in the store yet
    attachments: int = 0

    @property
    def nothing(self) -> bool:
        """True where nothing is left that can be done now."""
        return not (self.events or self.documents or self.messages or self.attachments)


def work(
    settings: Settings,
    directory: Directory,
    *,
    only: Sequence[str] = STAGES,
    drain: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> None:
    """The stages in ``only`` work until SIGTERM or SIGINT; with ``drain`` until nothing is left.

    Raises what a stage was broken by, and ``Misconfigured`` where the set-up is wrong.
    """
    stopping = threading.Event()
    # from the first line to the last: what ends in order at the start ends in order at the end
    with _signals(stopping), _ownership(settings):
        bootstrap.prepare(settings, directory, queues=bool(_SPEAKING & {*only}))
        if settings.embedded:
            bootstrap.free_claims(settings)
        tree = _Tree(settings, directory, only, stopping)
        try:
            # here and not in a producer: one process of the tree serves
            with assembly.metrics_served(settings, directory):
                tree.run(drain=drain, report=report)
        finally:
            tree.stop()


class _Tree:
    """The loops and producers of one ``hanyin work``."""

    def __init__(
        self,
        settings: Settings,
        directory: Directory,
        only: Sequence[str],
        stopping: threading.Event,
    ) -> None:
        self._settings = settings
        self._only = only
        self._stopping = stopping
        self._database = Database(settings.database)
        self._watch = assembly.build_watch(settings, directory)
        build: dict[str, Callable[[Settings, Directory], Stage]] = {
            "receive": assembly.build_receive,
            "apply": assembly.build_apply,
            "relay": assembly.build_relay,
            "reconcile": assembly.build_reconcile,
        }
        bell = Bell()
        self._loops = {
            name: Loop(build[name](settings, directory), bell, waits=name != "receive")
            for name in only
            if name in build
        }
        # beside the stages, and none of them: nothing waits for it
        telling = assembly.build_telling(settings) if "reconcile" in only else None
        self._telling = None if telling is None else Loop(telling)
        count = producer_count(settings) if "produce" in only else 0
        self._producers = Producers(count, settings, bell, on_death=self._producer_died)

    def run(self, *, drain: bool, report: Callable[[Progress], None] | None) -> None:
        keep_what_is_there()
        self._catch_up(forever=drain)
        if not self._stopping.is_set():
            self._start_others()
        look_at = 0.0
        while not self._stopping.wait(_TICK_SECONDS):
            self._demand_sound()
            if not drain:
                self._producers.watch()
                if report is None:
                    continue
            self._demand_present(drain=drain)
            looked = time.monotonic()
            if looked < look_at:
                continue
            progress = self._progress()
            # counting what waits takes the longer the more there is: never most of the time
            look_at = looked + _LOOK_EVERY * (time.monotonic() - looked)
            if drain and progress.documents:
                # not before there is work: a producer takes seconds to start
                self._producers.watch()
            if report is not None:
                report(progress)
            if drain and progress.nothing and self._is_done():
                return

    def _start_others(self) -> None:
        for name, loop in self._loops.items():
            if name != "receive":
                loop.start()
        if self._telling is not None:
            self._telling.start()

    def stop(self) -> None:
        for loop in self._loops.values():
            loop.stop()
        self._producers.stop()
        for loop in self._loops.values():
            loop.join(timeout=10)
        if self._telling is not None:
            # last: what the others raised to their end is told too
            self._telling.stop()
            self._telling.join(timeout=_TELLING_SECONDS)
        self._database.close()

    def _producer_died(self, name: str) -> None:
        """What the producer had in hand is free, and charged where it was the likely cause."""
        try:
            with self._database.writing() as connection:
                deaths.of_producer(
                    connection, name, now=now(), patience=patience_of(self._settings)
                )
        except Unavailable:
            # its claims run out by themselves, and nothing is charged
            _log.info("claims of a producer that ended are left to run out")

    def _catch_up(self, *, forever: bool) -> None:
        """What waits in the queue is in the inbox before the first event is applied.

        Events of a case that wait together are applied in the order of their times, not of
        their coming (contract, "When the case comes late").
        """
        loop = self._loops.get("receive")
        if loop is None:
            return
        loop.start()
        deadline = time.monotonic() + _CATCH_UP_SECONDS
        while loop.idle_steps < 1 and not self._stopping.wait(_TICK_SECONDS):
            self._demand_sound()
            if _is_paused(loop.stage) or (not forever and time.monotonic() > deadline):
                return

    def _demand_sound(self) -> None:
        for loop in self._loops.values():
            if loop.broken is not None:
                raise loop.broken

    def _demand_present(self, *, drain: bool) -> None:
        """A drain does not wait for ever for a server that is away."""
        waiting: list[Loop | Producers] = [*self._loops.values(), self._producers]
        for each in waiting:
            if drain and each.away_seconds() > _DRAIN_WAITS_SECONDS:
                raise Unavailable(each.away_reason.zh, each.away_reason.en)

    def _intake_is_empty(self) -> bool:
        loop = self._loops.get("receive")
        return loop is None or loop.idle_steps >= _EMPTY_STEPS

    def _is_done(self) -> bool:
        """Nothing is left that can be done now, looked at once more where looking costs more."""
        # what was told of between the two looks has left a message
        return self._intake_is_empty() and self._all_told() and self._progress().nothing

    def _all_told(self) -> bool:
        """No deadline has passed, and no alarm is true, without being told; looked at last.

        It asks a little more than the rest.
        """
        if "reconcile" not in self._only:
            return True
        try:
            with self._database.reading() as connection:
                if alarms.are_unchecked(connection):
                    return False
                return not self._watch.count_untold(connection, now())
        except Unavailable:
            return False

    def _progress(self) -> Progress:
        moment = now()
        try:
            with self._database.reading() as connection:
                return Progress(
                    events=(
                        inbox.count(connection, EventState.RECEIVED)
                        + cases.count_parked_due(connection)
                    )
                    if "apply" in self._only
                    else 0,
                    documents=(
                        readiness.count_ready(connection, now=moment)
                        + readiness.count_claimed(connection)
                        + readiness.count_put_off(connection, now=moment)
                    )
                    if "produce" in self._only
                    else 0,
                    messages=outbox.count_due(connection) if "relay" in self._only else 0,
                    attachments=attachments.count_loose(connection)
                    if "reconcile" in self._only
                    else 0,
                )
        except Unavailable:
            return Progress(events=1, documents=0, messages=0)


def _is_paused(stage: Stage) -> bool:
    """An intake that takes no more until others have worked."""
    return isinstance(stage, Receive) and stage.paused


@contextlib.contextmanager
def _ownership(settings: Settings) -> Iterator[None]:
    """The home is ours where the embedded parts live in it; servers are shared by many."""
    if not settings.embedded:
        yield
        return
    with owned(settings.home):
        yield


@contextlib.contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
