"""Produce: a planned document is filled, converted, sealed, verified, pinned and stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection

from archive import Archive
from ledger import attachments, documents, production, trail
from ledger.attachments import StoredAttachment
from ledger.database import Database
from ledger.production import Claim
from schemas.codes import Problem
from schemas.configuration import Agency, Directory
from schemas.documents import (
    Issuer,
    PlannedDocument,
    RenderedPdf,
    SealedPdf,
    StoredObject,
)
from schemas.errors import CannotSeal, ClaimLost, Misconfigured, ProductionFailed, Unavailable
from schemas.identifiers import new_id
from workers import announcing
from workers.clock import Clock
from workers.enclosing import with_enclosures
from workers.service_records import FormRenderer, service_record_of
from workers.settings import Settings
from workers.shelving import Shelf
from workers.stage import backoff

_log = structlog.get_logger(__name__)

#: after which an agency's key, seal or time stamps are tried again
_SEAL_WAIT = timedelta(seconds=30)
#: until a void document that could not be stored is tried again
_VOID_WAIT = timedelta(hours=1)


class Renderer(FormRenderer, Protocol):
    """What makes a PDF/A of a planned document (``rendering.renderer``)."""

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        """The letter, unsealed."""

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


class Produce:
    """Makes one document a step; no transaction is open while it works."""

    name = "produce"

    def __init__(
        self,
        *,
        database: Database,
        tools: Tools,
        directory: Directory,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._tools = tools
        self._shelf = Shelf(tools.archive, directory)
        self._directory = directory
        self._settings = settings
        self._clock = clock

    def step(self) -> int:
        """One document further on: archived, put off, or set aside with its error."""
        claim = self._claim()
        if claim is None:
            return 0
        try:
            self._make(claim)
        except ClaimLost:
            _log.info("a claim was lost", document_id=claim.document.document_id)
        except CannotSeal as error:
            self._wait_for_seal(claim, error)
        except ProductionFailed as error:
            self._give_up_or_put_off(claim, error.problem, final=error.final)
        except Misconfigured as error:
            problem = Problem.of("", "misconfigured", what=str(error))
            self._give_up_or_put_off(claim, problem, final=True)
        except Unavailable as error:
            problem = Problem.of("", "server_away", what=str(error))
            self._put_off(claim, problem, counts=False)
            raise
        return 1

    def close(self) -> None:
        """The converter has ended, connections are given back."""
        self._tools.renderer.close()
        self._tools.archive.close()
        self._database.close()

    def _claim(self) -> Claim | None:
        now = self._clock()
        with self._database.reading() as connection:
            if not production.count_ready(connection, now=now):
                return None
        with self._database.writing() as connection:
            claims = production.claim(
                connection,
                token=new_id(),
                now=now,
                lease=timedelta(seconds=self._settings.lease_seconds),
                limit=1,
            )
            if not claims:
                return None
            document = with_enclosures(connection, claims[0].document)
        return replace(claims[0], document=document)

    def _make(self, claim: Claim) -> None:
        if claim.attempts > self._settings.attempts:
            # it was counted before the work and never came to an end: it kills its worker
            raise ProductionFailed("attempts_used_up", final=True, attempts=claim.attempts - 1)
        content, sha256 = claim.pinned, claim.sealed_sha256
        if content is None or sha256 is None:
            sealed = self._seal(claim)
            content, sha256 = sealed.content, sealed.sha256
        stored = self._shelf.put_document(claim.document, content, sha256)
        self._archived(claim, stored, self._store_attachments(claim))

    def _seal(self, claim: Claim) -> SealedPdf:
        """The letter is sealed and pinned, and what goes out with it in the same transaction."""
        document = claim.document
        # before the letter is rendered: that is the most of the work
        self._tools.seals.demand_ready(document.agency, document.issuer)
        rendered = self._tools.renderer.render(document)
        record = service_record_of(document, self._agency(document), self._tools.renderer)
        sealed = self._tools.seals.seal(document, rendered)
        with self._database.writing() as connection:
            production.pin(connection, claim, sealed)
            if record is not None:
                attachments.add(connection, document.document_id, record, at=self._clock())
        return sealed

    def _agency(self, document: PlannedDocument) -> Agency:
        agency = self._directory.agency(document.agency)
        if agency is None:
            raise Misconfigured(f"HANYIN_DIRECTORY_FILE has no agency {document.agency}")
        return agency

    def _store_attachments(self, claim: Claim) -> list[StoredAttachment]:
        with self._database.reading() as connection:
            pinned = attachments.pinned_of(connection, claim.document.document_id)
        return [self._shelf.put_attachment(attachment) for attachment in pinned]

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
            for each in attached:
                attachments.record(connection, each, at=now)
            row = documents.get(connection, claim.document.document_id)
            if row is None or row["state"] != "archived":
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
            if not production.set_aside(connection, claim, problem):
                self._keep_for_later(connection, claim, problem, now)
                return
            row = documents.get(connection, claim.document.document_id)
            if row is not None:
                announcing.tell_failed(connection, row, final=final, at=now)
            trail.note(
                connection,
                at=now,
                actor="produce",
                action="document_failed",
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
            new = production.wait_for_seal(
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
