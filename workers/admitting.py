"""Whether an event is admitted: its sender may say it, it reads well, and it is new."""

from dataclasses import dataclass

from sqlalchemy import Connection

from cases.states import EventState
from ledger import inbox
from ledger.inbox import InboxEvent
from schemas.answers import UNNAMED
from schemas.codes import Problem
from schemas.configuration import Directory
from schemas.errors import Invalid
from schemas.parsing import ParsedEvent, parse
from workers.clock import Clock, today
from workers.permission import Speaker, speaker_of
from workers.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """An event that may be spoken and reads well: it can be applied or parked."""

    parsed: ParsedEvent
    speaker: Speaker


class Admission:
    """Looks at events before their cases are."""

    def __init__(
        self, connection: Connection, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._connection = connection
        self._directory = directory
        self._settings = settings
        self._clock = clock

    def accept(self, event: InboxEvent) -> Accepted:
        """The event reads well and its sender may say it; raises ``Invalid``."""
        speaker = self.speaker(event)
        limit = self._settings.event_bytes
        if event.raw_size is not None:
            # its head alone might read well
            raise Invalid([self._cut(event.raw_size, limit)])
        known = event.agency is not None and event.case_no is not None
        case = (event.agency or "", event.case_no or "") if known else UNNAMED
        parsed = parse(event.raw, size_limit=limit, today=today(self._clock), case=case)
        said = parsed.event
        if (said.data.agency, said.data.case_no) == UNNAMED:
            # a bank's answer to a letter that is not here, or is not one
            raise Invalid([Problem.of("/data/document", "not_found")])
        if (event.source, event.agency, event.case_no) != (
            *(said.source, said.data.agency, said.data.case_no),
        ):
            # who may speak was asked of, and what was locked is, another case
            raise RuntimeError("the envelope was read otherwise than the event")
        return Accepted(parsed=parsed, speaker=speaker)

    def speaker(self, event: InboxEvent) -> Speaker:
        """Who sent the event; raises ``Invalid`` where that one may not say it."""
        has_users = not self._settings.broker.startswith("embedded:")
        return speaker_of(event, self._directory, has_users=has_users)

    def repeats(self, event: InboxEvent, speaker: Speaker) -> bool:
        """Whether the speaker's same event was accepted before.

        Raises ``Invalid`` where another was, under the same id.
        """
        if event.source is None or event.event_id is None or event.state is EventState.PARKED:
            return False
        digest = inbox.taken_by(
            self._connection, event.source, event.event_id, speakers=speaker.spaces
        )
        if digest not in (None, event.content_sha256):
            raise Invalid([Problem.of("/id", "id_reused", id=event.event_id)])
        return digest is not None

    def _cut(self, size: int, limit: int) -> Problem:
        """Why of an event of ``size`` bytes the head is kept: it is too large, or was too much."""
        if size > limit:
            return Problem.of("", "too_large", size=size, limit=limit)
        return Problem.of("", "quota_bytes", limit=self._settings.quota_bytes)
