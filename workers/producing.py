"""Produce: a planned document is filled, converted, sealed, verified, pinned and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection

from archive import Archive
from ledger import attachments, cases, documents, production, readiness, seal_waits, trail
from ledger.attachments import PinnedAttachment, StoredAttachment
from ledger.database import Database
from ledger.deaths import USED_UP
from ledger.lives import LifeAction
from ledger.production import Claim
from schemas.codes import Problem
from schemas.configuration import Agency, Directory
from schemas.documents import (
    AttachedFile,
    DocumentKind,
    DocumentState,
    FormPdf,
    Issuer,
    PlannedDocument,
    PlannedForm,
    RecipientRole,
    RenderedPdf,
    SealedPdf,
    StoredObject,
)
from schemas.errors import CannotSeal, ClaimLost, Misconfigured, ProductionFailed, Unavailable
from schemas.events import OverpaymentConfirmed
from workers import announcing
from workers.batch import Batch
from workers.clock import Clock
from workers.enclosing import require_own_enclosures, with_enclosures
from workers.naming_stops import with_other_stops
from workers.service_records import attached, service_record_of
from workers.settings import Settings
from workers.shelving import Shelf
from workers.stage import backoff
from workers.tokens import claim_token, new_worker, patience_of

_log = structlog.get_logger(__name__)

#: after which an agency's key, seal or time stamps are tried again
_SEAL_WAIT = timedelta(seconds=30)
#: until a void document that could not be stored is tried again
_VOID_WAIT = timedelta(hours=1)


class Renderer(Protocol):
    """What makes a PDF/A of a planned document (``rendering.renderer``)."""

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        """The letter, unsealed."""

    def render_form(
        self, kind: DocumentKind, data: Mapping[str, Any], *, agency: str | None = None
    ) -> FormPdf:
        """The form, blank but for what ``data`` says, by the template of ``agency``."""

    def close(self) -> None:
        """The converter has ended."""


class SealRoom(Protocol):
    """What seals for an agency and checks the result (``workers.sealing``)."""

    def demand_ready(self, code: str, issuer: Issuer) -> None:
        """Nothing, where the agency or its body could seal now; else ``CannotSeal``."""

    def seal(self, planned: PlannedDocument, rendered: RenderedPdf) -> SealedPdf:
        """The letter, sealed and verified."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What the work needs beside the ledger."""

    renderer: Renderer
    seals: SealRoom
    archive: Archive


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A letter, unsealed, and the form that goes out with it."""

    letter: RenderedPdf
    record: AttachedFile | None


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What is in the ledger for good, and has to be stored."""

    content: bytes = field(repr=False)
    sha256: str
    #: what goes out with it
    attachments: Sequence[PinnedAttachment]
    #: it was pinned a moment ago: nobody has stored it before, as nothing is stored unpinned
    new: bool


class Produce:
    """Makes some documents a step; no transaction is open while it works.

    They are claimed together: each is made, sealed, pinned and stored by itself, and what fails
    stops itself alone.
    """

    name = "produce"

    def __init__(
        self,
        *,
        database: Database,
        tools: Tools,
        directory: Directory,
        settings: Settings,
        clock: Clock,
        producers: int = 1,
        stopping: Event | None = None,
        worker: str | None = None,
    ) -> None:
        #: what its claims' tokens begin with: its parent finds them when it has died
        self._worker = worker or new_worker()
        #: set when the process is to end: after the letter that it is at
        self._stopping = stopping or Event()
        self._producers = producers
        self._database = database
        self._tools = tools
        self._shelf = Shelf(tools.archive, directory)
        self._directory = directory
        self._settings = settings
        self._clock = clock

    def step(self) -> int:
        """Some documents further on: archived, put off, or set aside with their errors."""
        claims = self._claim()
        if not claims:
            return 0
        batch = Batch(self._database, self._settings, self._clock)
        for place, claim in enumerate(claims):
            if self._stopping.is_set():
                batch.let_lie(claims[place:])
                break
            batch.renew(claim)
            try:
                self._try(claim)
            except CannotSeal as error:
                # the others first: one look is enough for all letters of its agency
                batch.let_lie(claims[place + 1 :])
                self._wait_for_seal(claim, error)
                return place + 1
            except Unavailable:
                batch.let_lie(claims[place + 1 :])
                raise
        return len(claims)

    def _try(self, claim: Claim) -> None:
        try:
            self._make(claim)
        except ClaimLost:
            _log.info("a claim was lost", document_id=claim.document.document_id)
        except ProductionFailed as error:
            self._give_up_or_put_off(claim, error.problem, final=error.final)
        except Misconfigured as error:
            problem = Problem.of("", "misconfigured", what=error.sentence)
            self._give_up_or_put_off(claim, problem, final=True)
        except Unavailable as error:
            problem = Problem.of("", "server_away", what=error.sentence)
            self._put_off(claim, problem, counts=False)
            raise

    def close(self) -> None:
        """The converter has ended, connections are given back."""
        self._tools.renderer.close()
        self._tools.archive.close()
        self._database.close()

    def _claim(self) -> list[Claim]:
        now = self._clock()
        most = self._settings.batch_letters
        with self._database.reading() as connection:
            ready = readiness.count_ready(connection, now=now, most=most * self._producers)
        if not ready:
            return []
        with self._database.writing() as connection:
            claims = production.claim(
                connection,
                token=claim_token(self._worker),
                now=now,
                lease=timedelta(seconds=self._settings.lease_seconds),
                patience=patience_of(self._settings),
                # a share for each producer: a few letters are made side by side
                limit=min(most, -(-ready // self._producers)),
            )
            return [
                replace(claim, document=self._completed(connection, claim.document))
                for claim in claims
            ]

    def _completed(self, connection: Connection, document: PlannedDocument) -> PlannedDocument:
        """``document`` with what is known only when it is made."""
        listed = with_enclosures(connection, document)
        return with_other_stops(connection, listed, self._directory)

    def _make(self, claim: Claim) -> None:
        if claim.attempts > self._settings.attempts:
            # its parent counted them: it ended its worker each time, alone in its hands
            raise ProductionFailed(USED_UP, final=True, attempts=claim.attempts - 1)
        pinned = self._pinned(claim) or self._seal(claim, self._draw(claim.document))
        stored = self._shelf.put_document(
            claim.document, pinned.content, pinned.sha256, new=pinned.new
        )
        attached = [self._shelf.put_attachment(each, new=pinned.new) for each in pinned.attachments]
        self._archived(claim, stored, attached)

    def _pinned(self, claim: Claim) -> Pinned | None:
        """What was pinned before this worker came."""
        if claim.pinned is None or claim.sealed_sha256 is None:
            return None
        with self._database.reading() as connection:
            attached = attachments.pinned_of(connection, claim.document.document_id)
        return Pinned(
            content=claim.pinned, sha256=claim.sealed_sha256, attachments=attached, new=False
        )

    def _draw(self, document: PlannedDocument) -> Drawn:
        # before the letter is rendered: that is the most of the work
        self._tools.seals.demand_ready(document.agency, document.issuer)
        letter, form = self._tools.renderer.render(document), self._form_of(document)
        if form is None:
            return Drawn(letter=letter, record=None)
        record = self._tools.renderer.render_form(form.kind, form.data, agency=form.agency)
        return Drawn(letter=letter, record=attached(record))

    def _form_of(self, document: PlannedDocument) -> PlannedForm | None:
        return service_record_of(document, self._agency(document), self._facts_of(document))

    def _facts_of(self, document: PlannedDocument) -> OverpaymentConfirmed | None:
        """What the case of a letter to the party says of him now; None for other letters."""
        if document.recipient.role is not RecipientRole.PARTY:
            return None
        with self._database.reading() as connection:
            case = cases.load(connection, document.agency, document.case_no)
        return None if case is None else case.facts

    def _seal(self, claim: Claim, drawn: Drawn) -> Pinned:
        """The letter is sealed and pinned, and what goes out with it in the same transaction."""
        document = claim.document
        require_own_enclosures(self._database, self._tools.archive, document)
        sealed = self._tools.seals.seal(document, drawn.letter)
        with self._database.writing() as connection:
            production.pin(connection, claim, sealed, template=drawn.letter.template_sha256)
            attached = self._pin_record(connection, document, drawn.record)
        return Pinned(content=sealed.content, sha256=sealed.sha256, attachments=attached, new=True)

    def _pin_record(
        self, connection: Connection, document: PlannedDocument, record: AttachedFile | None
    ) -> list[PinnedAttachment]:
        if record is None:
            return []
        added = attachments.add(connection, document.document_id, record, at=self._clock())
        if added is None:
            # of an earlier worker: reconcile stores it, where it is not stored
            return []
        # not read back: its bytes are here
        return [
            PinnedAttachment(
                attachment_id=added,
                document_id=document.document_id,
                agency=document.agency,
                year=document.number.year,
                issued_on=document.issued_on,
                media_type=record.media_type,
                sha256=record.sha256,
                content=record.content,
            )
        ]

    def _agency(self, document: PlannedDocument) -> Agency:
        agency = self._directory.agency(document.agency)
        if agency is None:
            raise Misconfigured(
                f"HANYIN_DIRECTORY_FILE 中没有经办机构 {document.agency}",
                f"HANYIN_DIRECTORY_FILE has no agency {document.agency}",
            )
        return agency

    def _archived(
        self, claim: Claim, stored: StoredObject, attached: Sequence[StoredAttachment]
    ) -> None:
        now = self._clock()
        with self._database.writing() as connection:
            production.archived(
                connection,
                claim,
                stored,
                retain_until=self._shelf.retain_until(
                    claim.document.agency, claim.document.issued_on
                ),
                at=now,
            )
            trail.note(
                connection,
                at=now,
                actor="produce",
                action=LifeAction.ARCHIVED,
                subject=claim.document.document_id,
                details={"sha256": stored.sha256},
            )
            for each in attached:
                attachments.record(connection, each, at=now)
            row = documents.get(connection, claim.document.document_id)
            if row is None or row["state"] != DocumentState.ARCHIVED:
                return
            announcing.tell_archived(connection, row, now)
            if documents.is_bank_letter(row["kind"]):
                about = documents.get(connection, row["about"]) if row["about"] else None
                announcing.tell_letter(connection, row, about, self._directory, now)
                if self._directory.bank_of(row["bank_code"]) is None:
                    trail.note(
                        connection,
                        at=now,
                        actor="produce",
                        action="bank_unknown",
                        subject=row["document_id"],
                        details={"bank_code": row["bank_code"]},
                        alarm=True,
                    )
        _log.info(
            "a document was archived", document_id=claim.document.document_id, kind=row["kind"]
        )

    def _give_up_or_put_off(self, claim: Claim, problem: Problem, *, final: bool) -> None:
        if not final and claim.attempts < self._settings.attempts:
            self._put_off(claim, problem, counts=True)
            return
        now = self._clock()
        with self._database.writing() as connection:
            again_at = None
            if problem.code == USED_UP:
                again_at = patience_of(self._settings).after_failing(now, claim.deaths)
            if not production.set_aside(connection, claim, problem, again_at=again_at):
                self._keep_for_later(connection, claim, problem, now)
                return
            row = documents.get(connection, claim.document.document_id)
            if row is not None:
                announcing.tell_failed(connection, row, final=final, at=now)
            trail.note(
                connection,
                at=now,
                actor="produce",
                action=LifeAction.FAILED,
                subject=claim.document.document_id,
                details={"code": problem.code},
                alarm=True,
            )

    def _keep_for_later(
        self, connection: Connection, claim: Claim, problem: Problem, now: datetime
    ) -> None:
        """A void document that is sealed is never given up: what is sealed is kept."""
        until = now + _VOID_WAIT
        production.put_off(connection, claim, until=until, problem=problem, counts=True)
        if claim.void and claim.problem != problem.code:
            trail.note(
                connection,
                at=now,
                actor="produce",
                action="void_document_not_stored",
                subject=claim.document.document_id,
                details={"code": problem.code},
                alarm=True,
            )

    def _wait_for_seal(self, claim: Claim, error: CannotSeal) -> None:
        """The agency's letters wait together: no attempt is counted, no other agency is held up."""
        now = self._clock()
        with self._database.writing() as connection:
            new = seal_waits.wait_for_seal(
                connection, claim, until=now + _SEAL_WAIT, problem=error.problem
            )
            if new:
                trail.note(
                    connection,
                    at=now,
                    actor="produce",
                    action="agency_cannot_seal",
                    subject=error.agency,
                    details={"code": error.problem.code, "documents": new},
                    alarm=True,
                )
        _log.warning("an agency cannot seal", agency=error.agency, code=error.problem.code)

    def _put_off(self, claim: Claim, problem: Problem, *, counts: bool) -> None:
        until = self._clock() + backoff(claim.attempts, self._settings.retry_seconds)
        try:
            with self._database.writing() as connection:
                production.put_off(connection, claim, until=until, problem=problem, counts=counts)
        except Unavailable:
            # the ledger itself is away: the claim runs out by itself
            _log.info("a claim is left to run out", document_id=claim.document.document_id)
