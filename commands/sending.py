"""Events on their way to the queue: in pieces, with how far they came, and on from there."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256

import typer

from commands.bookmark import Bookmark
from commands.event_files import FileEvent, chunks
from commands.failures import AWAY, REFUSED
from commands.language import say, spoken
from commands.output import complain, note
from commands.progress import advancing
from commands.session import Session
from schemas.errors import Misconfigured, Unavailable
from schemas.exchanges import EVENTS
from schemas.file_faults import os_words
from schemas.identifiers import new_id
from schemas.parsing import read_envelope
from workers import bootstrap
from workers.brokers import OutgoingMessage, Outlet, PublishOutcome

#: the routing key of what names no type
_UNTYPED = "unknown"
#: characters; AMQP 0-9-1 takes 255 bytes
_LONGEST_KEY = 200
#: events that the broker did not take, which are named
_NAMED = 20


@dataclass(kw_only=True)
class Manifest:
    """What is to be sent, as it was when it was checked."""

    #: full type of each event; None: not checked
    types: list[str | None] = field(default_factory=list)
    #: of each piece
    digests: list[bytes] = field(default_factory=list)

    def add(self, chunk: Sequence[FileEvent], types: Iterable[str | None]) -> None:
        """``chunk`` is to be sent, events of ``types``."""
        self.types += types
        self.digests.append(_digest(chunk))

    @property
    def count(self) -> int:
        """Events."""
        return len(self.types)

    @property
    def digest(self) -> bytes:
        """Of all events, in their order."""
        return sha256(b"".join(self.digests)).digest()


@dataclass(kw_only=True)
class Sent:
    """What became of a publication's events."""

    #: taken by the broker in an earlier run of the same command
    before: int = 0
    now: int = 0


def manifest_of(events: Iterable[FileEvent], types: Iterable[str | None]) -> Manifest:
    """The manifest of events at hand, of which each one's type is known."""
    manifest, rest = Manifest(), iter(types)
    for chunk in chunks(events):
        manifest.add(chunk, [next(rest) for _ in chunk])
    return manifest


def send(
    session: Session, events: Iterable[FileEvent], manifest: Manifest, *, restart: bool = False
) -> Sent:
    """Every event is confirmed by the broker, or the command ends and says how far it came.

    What the same events' earlier, interrupted run sent is left out, unless ``restart``.
    """
    session.tell_new_home()
    sending = _Sending(session, manifest, restart=restart)
    outlet = bootstrap.open_events_outlet(session.settings, session.directory)
    with closing(outlet):
        sending.run(chunks(events), outlet)
    return sending.sent


class _Sending:
    """One publication."""

    def __init__(self, session: Session, manifest: Manifest, *, restart: bool) -> None:
        self._manifest = manifest
        self._bookmark: Bookmark | None = None
        self._lost: list[str] = []
        #: events of the pieces that are done, sent before ones too
        self._done = 0
        self.sent = Sent()
        if len(manifest.digests) > 1:
            self._bookmark = Bookmark(
                session.settings.home,
                events=manifest.digest,
                broker_url=session.settings.broker,
            )
            self.sent.before = 0 if restart else min(self._bookmark.read(), manifest.count)

    def run(self, pieces: Iterator[list[FileEvent]], outlet: Outlet) -> None:
        self._announce()
        total = self._manifest.count
        with advancing(say("发送事件", "sending events"), total=total) as report:
            for chunk in self._unchanged(pieces):
                if self._done + len(chunk) > self.sent.before and not self._publish(chunk, outlet):
                    break
                self._done += len(chunk)
                report(self._done)
        if self._lost:
            self._give_up()
        if self._bookmark is not None:
            self._bookmark.remove()

    def _announce(self) -> None:
        before, count = self.sent.before, self._manifest.count
        if before:
            note(
                say(
                    f"上次中断前已发送 {before:,} 个事件，现在发送其余 {count - before:,} 个"
                    "（--restart 从头发送）",
                    f"{before:,} events were sent before the interruption, the other"
                    f" {count - before:,} are sent now (--restart sends all)",
                )
            )

    def _unchanged(self, pieces: Iterator[list[FileEvent]]) -> Iterator[list[FileEvent]]:
        """The pieces, as long as they are what was checked."""
        for expected in self._manifest.digests:
            chunk = next(pieces, None)
            if chunk is None or _digest(chunk) != expected:
                self._refuse_change()
            else:
                yield chunk
        if not self._lost and next(pieces, None) is not None:
            self._refuse_change()

    def _publish(self, chunk: list[FileEvent], outlet: Outlet) -> bool:
        """Whether to go on: the broker took some of ``chunk``."""
        types = self._manifest.types[self._done : self._done + len(chunk)]
        messages = [outgoing(e.raw, type_) for e, type_ in zip(chunk, types, strict=True)]
        try:
            outcomes = outlet.publish(messages)
        except Unavailable:
            complain(self._so_far())
            raise
        taken = [outcome is PublishOutcome.CONFIRMED for outcome in outcomes]
        self.sent.now += sum(taken)
        self._lost += [e.where for e, was_taken in zip(chunk, taken, strict=True) if not was_taken]
        if not self._lost:
            self._remember(self._done + len(chunk))
        return any(taken)

    def _remember(self, sent: int) -> None:
        """An interruption from now on costs nothing that was sent until here."""
        if self._bookmark is None:
            return
        try:
            self._bookmark.write(sent)
        except (OSError, Misconfigured) as error:
            why = spoken(os_words(error) if isinstance(error, OSError) else error.sentence)
            note(
                say(
                    f"无法记录进度（{self._bookmark.path}：{why}）；若中断，将从头发送。",
                    f"The progress cannot be kept ({self._bookmark.path}: {why}); after an"
                    " interruption all is sent again.",
                )
            )
            self._bookmark = None

    def _so_far(self) -> str:
        sent, count = self.sent.before + self.sent.now, self._manifest.count
        return say(
            f"已发送 {sent:,} / {count:,} 个事件；请稍后用同一命令继续，不会重复。",
            f"{sent:,} of {count:,} events were sent; go on later with the same command, nothing"
            " is doubled.",
        )

    def _give_up(self) -> None:
        named = self._lost[:_NAMED]
        more = len(self._lost) - len(named)
        rest_zh, rest = (f" 等 {len(self._lost):,} 个", f" and {more:,} more") if more else ("", "")
        complain(
            say(
                f"消息代理没有接收：{'、'.join(named)}{rest_zh}。{self._so_far()}",
                f"The broker did not take {', '.join(named)}{rest}. {self._so_far()}",
            )
        )
        raise typer.Exit(AWAY)

    def _refuse_change(self) -> None:
        complain(
            say(
                f"文件在发布期间被改动。{self._so_far()}",
                f"A file was changed while it was being published. {self._so_far()}",
            )
        )
        raise typer.Exit(REFUSED)


def outgoing(raw: bytes, type_: str | None = None) -> OutgoingMessage:
    """The event as it goes to the queue; its type is its routing key, where that can be one.

    ``type_`` is its type where that is known already.
    """
    kind = type_ or read_envelope(raw).type or _UNTYPED
    plain = kind.isascii() and kind.isprintable() and len(kind) < _LONGEST_KEY
    key = kind if plain else _UNTYPED
    return OutgoingMessage(
        message_id=new_id(), exchange=EVENTS, routing_key=key, type=key, body=raw
    )


def _digest(chunk: Sequence[FileEvent]) -> bytes:
    whole = sha256()
    for event in chunk:
        whole.update(len(event.raw).to_bytes(8) + event.raw)
    return whole.digest()
