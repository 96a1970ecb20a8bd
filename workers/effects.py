"""What the rules decided is carried out in the ledger: in the caller's transaction, all of it."""

from datetime import datetime

from sqlalchemy import Connection

from cases.decision import Decision, DocumentChange
from cases.letters import finish
from ledger import cases as case_rows
from ledger import documents, series, trail
from ledger.documents import Cause
from schemas.configuration import Agency
from schemas.documents import NUMBERED, DocumentDraft, PlannedDocument
from schemas.identifiers import new_id
from workers import announcing
from workers.clock import SHANGHAI


def carry_out(
    connection: Connection, decision: Decision, *, agency: Agency, cause: Cause, at: datetime
) -> None:
    """Case, documents, numbers, outbox and trail stand as ``decision`` says.

    The case must be locked. Raises ``ledger.database.Conflict`` where a letter left meanwhile.
    """
    case = decision.case
    for change in decision.changes:
        _change(connection, change, at)
    if decision.drafts:
        kinds = [(agency.code, agency.series_of(kind)) for kind in NUMBERED]
        series.lock(connection, kinds, today=at.astimezone(SHANGHAI).date())
    for draft in decision.drafts:
        _plan(connection, draft, agency=agency, case_no=case.case_no, cause=cause, at=at)
    case_rows.save(connection, case, at=at)
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


def _plan(
    connection: Connection,
    draft: DocumentDraft,
    *,
    agency: Agency,
    case_no: str,
    cause: Cause,
    at: datetime,
) -> None:
    number, issued_on = series.draw(
        connection,
        agency.code,
        agency.series_of(draft.kind),
        today=at.astimezone(SHANGHAI).date(),
    )
    document = PlannedDocument(
        document_id=new_id(),
        kind=draft.kind,
        agency=agency.code,
        case_no=case_no,
        number=number,
        issued_on=issued_on,
        recipient=draft.recipient,
        data=finish(draft.kind, draft.data, number, issued_on),
    )
    state = agency.first_state(draft.kind)
    documents.plan(connection, document, draft, cause=cause, at=at, state=state)


def _change(connection: Connection, change: DocumentChange, at: datetime) -> None:
    if change.receipt is not None:
        documents.add_receipt(connection, change.document_id, change.receipt)
    if change.service is not None:
        documents.add_service(connection, change.document_id, change.service)
    if change.void_reason is not None:
        documents.make_void(connection, change.document_id, change.void_reason, change.approved_by)
        row = documents.get(connection, change.document_id)
        if row is not None:
            announcing.tell_voided(connection, row, at)
