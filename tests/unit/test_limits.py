"""What the contract takes, the ledger holds: every text column against all that flows into it."""

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import String, Text

from cases.case import CaseState
from cases.states import EventState
from ledger.outbox import OutboxState
from ledger.packs import Packed
from ledger.tables import metadata
from schemas import limits
from schemas.case_event import CaseEvent
from schemas.configuration import DEFAULT_SERIES, Agency, Bank, Body, Source
from schemas.deadlines import DeadlineKind
from schemas.documents import (
    AttachmentRole,
    DocumentKind,
    DocumentNumber,
    DocumentState,
    Issuer,
    RecipientRole,
)
from schemas.envelope import EventEnvelope
from schemas.events import EVENT_TYPES
from schemas.fields import AccountNumber, CaseNo
from schemas.identifiers import new_id
from schemas.levels import SealLevel
from schemas.message_models import MESSAGE_MODELS
from schemas.messages import route_document, route_letter, route_rejection
from schemas.numbers import BankCode
from sheets.columns import Column, Form
from sheets.layouts import ALONE, WORKBOOK

#: stands for a column that takes text of any length
ANY = float("inf")


def longest_of(schema: dict[str, Any]) -> float:
    """Characters of the longest text that a JSON schema allows."""
    if "maxLength" in schema:
        return float(schema["maxLength"])
    if "pattern" in schema:
        return _longest_match(schema["pattern"])
    if "anyOf" in schema:
        return max(longest_of(each) for each in schema["anyOf"])
    return 0 if schema.get("type") == "null" else ANY


def _longest_match(pattern: str) -> float:
    """Of a pattern that is one class of characters, counted."""
    count = pattern.rstrip("$").rpartition("{")[2].rstrip("}")
    first, _, most = count.partition(",")
    lead = pattern.startswith("^[a-z][")
    return float(most or first) + lead


def field(model: Any, name: str) -> float:
    return longest_of(model.model_json_schema(by_alias=True)["properties"][name])


def kind_of(annotation: Any) -> float:
    return longest_of(TypeAdapter(annotation).json_schema())


def words(*values: Iterable[object]) -> float:
    return max(len(str(value)) for several in values for value in several)


def number() -> float:
    return len(str(DocumentNumber(series="字" * limits.SERIES, year=9999, seq=999_999_999)))


IDENTIFIER = len(new_id())
SHA256 = 64
AGENCY = field(Agency, "code")
CASE_NO = max(field(CaseEvent, "case_no"), field(EventEnvelope, "subject"), kind_of(CaseNo))
SERIES = max(field(Body, "series"), words(DEFAULT_SERIES.values()), limits.SERIES)
TYPES = words([f"hanyin.{name}.v1" for name in (*EVENT_TYPES, *MESSAGE_MODELS)])
SLUG, BANK = field(Source, "slug"), field(Bank, "name")
ROUTES = max(
    words(route_document("9" * limits.AGENCY, kind) for kind in DocumentKind),
    words(
        key
        for kind in DocumentKind
        for _, key in (route_letter("b" * int(BANK), kind), route_rejection("s" * int(SLUG)))
    ),
)
#: AMQP's own limit: what comes from outside is no longer
OUTSIDE = 255
#: what this program writes of its own accord; each is a literal in the code
ACTORS = ("apply", "produce", "reconcile", "operator", "raise", "relay")

#: column → the longest text that flows into it
FLOWS: dict[str, float] = {
    "alarms.done_by": limits.NAME,
    "attachments.attachment_id": IDENTIFIER,
    "attachments.brought_by": ANY,
    "attachments.document_id": IDENTIFIER,
    "attachments.file_name": ANY,
    "attachments.media_type": words(["application/pdf", "image/png", "image/jpeg", "image/tiff"]),
    "attachments.role": words(AttachmentRole),
    "attachments.sha256": SHA256,
    "attachments.storage_key": ANY,
    "attachments.template_sha256": SHA256,
    "attachments.version_id": ANY,
    "cases.agency": AGENCY,
    "cases.case_no": CASE_NO,
    "cases.state": words(CaseState),
    "claims.name": words(["reconcile", "relay", "webhook"]),
    "claims.token": IDENTIFIER,
    "deadlines.deadline": words(DeadlineKind),
    "deadlines.document_id": IDENTIFIER,
    "documents.about": IDENTIFIER,
    "documents.account_number": kind_of(AccountNumber),
    "documents.agency": AGENCY,
    "documents.bank_code": kind_of(BankCode),
    "documents.case_no": CASE_NO,
    "documents.claim_token": IDENTIFIER,
    "documents.document_id": IDENTIFIER,
    "documents.issuer": words(Issuer),
    "documents.kind": words(DocumentKind),
    "documents.level": words(SealLevel),
    "documents.level_wanted": words(SealLevel),
    "documents.number": number(),
    "documents.recipient_name": ANY,
    "documents.replaced_by": IDENTIFIER,
    "documents.replaces": IDENTIFIER,
    "documents.role": words(RecipientRole),
    "documents.sealed_sha256": SHA256,
    "documents.series": SERIES,
    "documents.state": words(DocumentState),
    "documents.storage_key": ANY,
    "documents.template_sha256": SHA256,
    "documents.version_id": ANY,
    "documents.void_reason": ANY,
    "documents.waits_for": IDENTIFIER,
    "enclosures.document_id": IDENTIFIER,
    "enclosures.enclosed_id": IDENTIFIER,
    "inbox.agency": ANY,
    "inbox.case_no": ANY,
    "inbox.content_sha256": SHA256,
    "inbox.delivery_id": limits.DELIVERY_TAG + len(f":{2**63 - 1}") - 1,
    "inbox.event_id": ANY,
    "inbox.exchange": OUTSIDE,
    "inbox.raw_sha256": SHA256,
    "inbox.routing_key": OUTSIDE,
    "inbox.source": ANY,
    "inbox.speaker": OUTSIDE,
    "inbox.state": words(EventState),
    "inbox.type": ANY,
    "inbox.user_id": OUTSIDE,
    "outbox.document_id": IDENTIFIER,
    "outbox.error": ANY,
    "outbox.exchange": words(["hanyin.rejections", "hanyin.documents", "hanyin.letters"]),
    "outbox.message_id": IDENTIFIER,
    "outbox.routing_key": ROUTES,
    "outbox.state": words(OutboxState),
    "outbox.type": TYPES,
    "packs.holds": words(Packed),
    "renditions.base_sha256": SHA256,
    "renditions.document_id": IDENTIFIER,
    "renditions.level": words(SealLevel),
    "renditions.sha256": SHA256,
    "renditions.storage_key": ANY,
    "renditions.version_id": ANY,
    "series.agency": AGENCY,
    "series.series": SERIES,
    "trail.action": words(
        ["qualification_unknown", "void_document_not_stored", "quota_rejected_used_up"]
    ),
    "trail.actor": words(ACTORS),
    "usage.agency": AGENCY,
    "watched.document_id": IDENTIFIER,
    "usage.case_no": CASE_NO,
    "usage.speaker": len("user ") + OUTSIDE,
    "trail.subject": AGENCY + 1 + max(CASE_NO, number()),
}

COLUMNS = {
    f"{table.name}.{column.name}": column
    for table in metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, String)
}


def test_every_text_column_is_compared_and_no_other() -> None:
    assert set(FLOWS) == set(COLUMNS)


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_a_column_holds_whatever_flows_into_it(name: str) -> None:
    kind = COLUMNS[name].type
    assert isinstance(kind, String)
    room = ANY if isinstance(kind, Text) else kind.length
    assert room is not None
    assert FLOWS[name] <= room


def test_what_an_agency_sets_for_its_series_is_as_short_as_a_bodys() -> None:
    schema = Agency.model_json_schema()["properties"]["series"]["additionalProperties"]
    assert schema["pattern"].endswith(f"{{1,{limits.SERIES}}}$")


def sheet_columns() -> list[tuple[str, Column, dict[str, Any], dict[str, Any]]]:
    """Each column that fills a text of the contract: the schema of the event, and its path's."""
    found = []
    for layout in {layout.name: layout for layout in (*WORKBOOK, *ALONE)}.values():
        schema = EVENT_TYPES[layout.event].model_json_schema(by_alias=True)
        for column in layout.columns:
            base = (*(layout.entry_of or ()), 0) if layout.entry_of else ()
            for path in column.paths:
                whole = (*base, *path)
                if whole[0] == "data" and column.form in {Form.TEXT, Form.DIGITS}:
                    found.append(
                        (f"{layout.name} {column.heading}", column, schema, _at(schema, whole[1:]))
                    )
    return found


def _at(schema: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The schema of the member at ``path`` below an event's data."""
    here = schema
    for step in path:
        here = _object(schema, here)
        here = here["items"] if isinstance(step, int) else here["properties"][step]
    return here


def _object(root: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """``here``, without references and without null beside it."""
    if "$ref" in here:
        return _object(root, root["$defs"][here["$ref"].rpartition("/")[2]])
    for several in ("anyOf", "oneOf"):
        # an address is a line, or parts that are lines
        if several in here:
            return _object(root, next(one for one in here[several] if one.get("type") != "null"))
    return here


SHEET_COLUMNS = sheet_columns()


@pytest.mark.parametrize("row", SHEET_COLUMNS, ids=[row[0] for row in SHEET_COLUMNS])
def test_a_spreadsheets_column_says_what_the_contract_takes(row: Any) -> None:
    _, column, schema, member = row
    assert column.longest == longest_of(_object(schema, member))


def test_the_spreadsheets_have_texts_to_compare() -> None:
    assert len(SHEET_COLUMNS) > 40
