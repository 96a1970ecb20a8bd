"""What the rules decided is carried out in the ledger: in the caller's transaction, all of it."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from cases.decision import Decision, DocumentChange
from cases.draft import DocumentDraft
from cases.letters import Data, finish
from ledger import card_holds, documents, lives, series, trail, watched
from ledger import cases as case_rows
from ledger.documents import Cause
from ledger.lives import LifeAction
from schemas.configuration import Agency
from schemas.documents import (
    NUMBERED,
    DocumentKind,
    DocumentNumber,
    Issuer,
    PlannedDocument,
    Reference,
)
from schemas.identifiers import new_id
from schemas.zone import CHINA
from workers import announcing


def carry_out(
    connection: Connection, decision: Decision, *, agency: Agency, cause: Cause, at: datetime
) -> None:
    """Case, documents, numbers, outbox and trail stand as ``decision`` says.

    The case must be locked. Raises ``ledger.database.Conflict`` where a letter left meanwhile.
    """
    case = decision.case
    for change in decision.changes:
        _change(connection, change, cause, at)
    _Planning(connection, agency=agency, case_no=case.case_no, cause=cause, at=at).run(decision)
    for change in decision.changes:
        _tell_voided(connection, change, at)
    case_rows.save(connection, case, at=at)
    watched.look_again(connection, case.agency, case.case_no)
    for news in decision.news:
        announcing.tell_of_case(
            connection,
            type_=news.type,
            agency=case.agency,
            case_no=case.case_no,
            data=news.data,
            cause=(cause.source, cause.id),
            at=at,
        )
    for alarm in decision.alarms:
        trail.note(
            connection,
            at=at,
            actor="apply",
            action=alarm.name,
            subject=f"{case.agency}/{case.case_no}",
            details=alarm.details,
            alarm=True,
        )


class _Drawn(NamedTuple):
    """What a draft has before it is planned."""

    document_id: str
    number: DocumentNumber
    issued_on: date


class _Planning:
    """The drafts of one decision, numbered in their order; places become ids as they are known."""

    def __init__(
        self, connection: Connection, *, agency: Agency, case_no: str, cause: Cause, at: datetime
    ) -> None:
        self._connection = connection
        self._agency = agency
        self._case_no = case_no
        self._cause = cause
        self._at = at
        self._today = at.astimezone(CHINA).date()
        #: by the place of their draft: a letter may name one that follows it
        self._drawn: list[_Drawn] = []

    def run(self, decision: Decision) -> None:
        """Every draft is a numbered document, and what waits for one of them knows it."""
        drafts = tuple(map(self._behind_others, decision.drafts))
        if drafts:
            with series.locked(
                self._connection, self._every_series(), today=self._today
            ) as numbers:
                self._drawn = [self._draw(draft, numbers) for draft in drafts]
                for draft, drawn in zip(drafts, self._drawn, strict=True):
                    self._plan(draft, drawn)
        for change in decision.changes:
            if change.waits_for is not None:
                other = self._id_of(change.waits_for)
                documents.wait_for(self._connection, change.document_id, other)

    def _behind_others(self, draft: DocumentDraft) -> DocumentDraft:
        """A stop letter leaves behind what another case's end of the card's stop says to the bank.

        A bank that read them the other way round would let the money go.
        """
        if draft.kind is not DocumentKind.STOP_PAYMENT_LETTER or draft.account_number is None:
            return draft
        case = (self._agency.code, self._case_no)
        last = card_holds.last_end_on_its_way(self._connection, *case, draft.account_number)
        own = draft.waits_for
        is_over = own is None or (
            isinstance(own, str) and card_holds.has_left(self._connection, own)
        )
        return replace(draft, waits_for=last) if last is not None and is_over else draft

    def _every_series(self) -> set[tuple[str, str]]:
        return {
            (self._agency.code, self._agency.series_of(kind, issuer))
            for issuer in Issuer
            for kind in NUMBERED
        }

    def _draw(self, draft: DocumentDraft, numbers: series.Numbers) -> _Drawn:
        number, issued_on = numbers.draw(
            self._agency.code,
            self._agency.series_of(draft.kind, draft.issuer),
            today=self._today,
        )
        return _Drawn(new_id(), number, issued_on)

    def _plan(self, draft: DocumentDraft, drawn: _Drawn) -> None:
        document = PlannedDocument(
            document_id=drawn.document_id,
            kind=draft.kind,
            agency=self._agency.code,
            case_no=self._case_no,
            number=drawn.number,
            issued_on=drawn.issued_on,
            recipient=draft.recipient,
            issuer=draft.issuer,
            data=self._data(draft, drawn.number, drawn.issued_on),
        )
        state = self._agency.first_state(draft.kind)
        documents.plan(
            self._connection,
            document,
            self._with_ids(draft),
            cause=self._cause,
            at=self._at,
            state=state,
        )
        trail.note(
            self._connection,
            at=self._at,
            actor="apply",
            action=LifeAction.PLANNED,
            subject=document.document_id,
            details=lives.planned(document, draft.account_number, state),
        )

    def _data(self, draft: DocumentDraft, number: DocumentNumber, issued_on: date) -> Data:
        """What is printed, the numbers of other documents among it."""
        others = {name: self._number_of(other) for name, other in draft.numbers.items()}
        replaced = "" if draft.replaces is None else self._number_of(draft.replaces)
        return finish(draft.kind, {**draft.data, **others}, number, issued_on, replaced)

    def _with_ids(self, draft: DocumentDraft) -> DocumentDraft:
        return replace(
            draft,
            waits_for=None if draft.waits_for is None else self._id_of(draft.waits_for),
            numbers={name: self._id_of(other) for name, other in draft.numbers.items()},
            encloses=tuple(self._id_of(other) for other in draft.encloses),
        )

    def _id_of(self, reference: Reference) -> str:
        if isinstance(reference, str):
            return reference
        return self._drawn[reference].document_id

    def _number_of(self, reference: Reference) -> str:
        if isinstance(reference, str):
            return documents.number_of(self._connection, reference)
        return str(self._drawn[reference].number)


def _change(connection: Connection, change: DocumentChange, cause: Cause, at: datetime) -> None:
    if change.receipt is not None:
        documents.add_receipt(connection, change.document_id, change.receipt)
        _note(connection, LifeAction.ANSWERED, change, cause, at)
    if change.service is not None:
        documents.add_service(connection, change.document_id, change.service)
    if change.void_reason is not None:
        documents.make_void(
            connection,
            change.document_id,
            change.void_reason,
            change.approved_by,
            though_sent=change.though_sent,
        )
        _note(connection, LifeAction.VOIDED, change, cause, at)


def _note(
    connection: Connection, action: LifeAction, change: DocumentChange, cause: Cause, at: datetime
) -> None:
    """The trail says what happened to the document, and by which event."""
    trail.note(
        connection,
        at=at,
        actor="apply",
        action=action,
        subject=change.document_id,
        details={"inbox_seq": cause.inbox_seq},
    )


def _tell_voided(connection: Connection, change: DocumentChange, at: datetime) -> None:
    """The news names what stands in for the void document, so it is told when that is planned."""
    row = documents.get(connection, change.document_id) if change.void_reason else None
    if row is not None:
        announcing.tell_voided(connection, row, at)
