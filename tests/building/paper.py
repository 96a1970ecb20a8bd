"""A ledger on paper: carries decisions out in memory, and sends letters when it is told to."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from cases.case import CaseDocument
from cases.decision import Decision, DocumentChange, Standing, Surroundings
from cases.draft import DocumentDraft
from cases.kinds import read_basis
from cases.rules import decide
from schemas.configuration import Agency
from schemas.documents import BANK_LETTERS, DocumentKind, Reference
from schemas.events import Event

TODAY = date(2026, 3, 5)

AGENCY = Agency.model_validate(
    {
        "code": "430111",
        "name": "长沙市雨花区社会保险服务中心",
        "audit_name": "长沙市雨花区",
        "account": {
            "bank_full_name": "中国某某银行股份有限公司长沙某某支行",
            "number": "6200000000000000",
            "holder": "长沙市雨花区社会保险基金财政专户",
            "audit_bank": "中国某某",
            "audit_branch": "长沙某某",
        },
        "contact": {"person": "周敏", "phone": "0731-80000017", "address": "某某路1号"},
        "hr_department": {"name": "长沙市雨花区人力资源和社会保障局", "series": "人社（移送）字"},
        "labour_inspection": {"name": "长沙市雨花区劳动保障监察大队", "series": "监（移送）字"},
        "demo": True,
    }
)


def surroundings(**changes: Any) -> Surroundings:
    """What the rules are told beside the case."""
    return replace(Surroundings(agency=AGENCY, today=TODAY), **changes)


def _id(reference: Reference, planned: list[str]) -> str:
    return reference if isinstance(reference, str) else planned[reference]


class Paper:
    """One case and its documents, as a ledger would keep them."""

    def __init__(self) -> None:
        self.standing = Standing(case=None)
        self.drafts: dict[str, DocumentDraft] = {}
        self.decisions: list[Decision] = []

    def apply(self, *events: Event, **changes: Any) -> Decision:
        """Each event is decided and carried out; the last decision. Raises Invalid."""
        for event in events:
            self._carry_out(decide(self.standing, event, surroundings(**changes)))
        return self.decisions[-1]

    def documents(self, kind: DocumentKind | None = None) -> list[CaseDocument]:
        """The documents, void ones too, in the order of their making."""
        return [d for d in self.standing.documents if kind in (None, d.kind)]

    def only(self, kind: DocumentKind) -> CaseDocument:
        """The one document of ``kind`` that is not void."""
        (document,) = (d for d in self.documents(kind) if not d.void)
        return document

    def only_unsent(self, kind: DocumentKind) -> CaseDocument:
        """The one document of ``kind`` that is neither void nor with the bank."""
        (document,) = (d for d in self.documents(kind) if not (d.void or d.sent))
        return document

    def can_leave(self, document: CaseDocument) -> bool:
        """Whether the relay may send the letter now: a release only after its stop letter."""
        waits_for = document.waits_for
        sent = {d.document_id for d in self.standing.documents if d.sent}
        ready = waits_for is None or waits_for in sent
        return document.kind in BANK_LETTERS and ready and not (document.void or document.sent)

    def send(self, *documents: CaseDocument) -> None:
        """The broker confirmed each of ``documents``, which could leave."""
        for document in documents:
            assert self.can_leave(document)
            self._replace(document.document_id, sent=True, sealed=True)

    def mark_sealed(self, document: CaseDocument) -> None:
        """``document`` was sealed."""
        self._replace(document.document_id, sealed=True)

    def mark_void(self, document: CaseDocument) -> None:
        """An operator made ``document`` void."""
        self._replace(document.document_id, void=True)

    def _carry_out(self, decision: Decision) -> None:
        self.decisions.append(decision)
        for change in decision.changes:
            self._change(change)
        known = len(self.standing.documents)
        planned = [f"document-{known + place + 1}" for place in range(len(decision.drafts))]
        for draft in decision.drafts:
            self._plan(draft, planned)
        for change in decision.changes:
            if change.waits_for is not None:
                self._replace(change.document_id, waits_for=_id(change.waits_for, planned))
        self.standing = replace(self.standing, case=decision.case)

    def _change(self, change: DocumentChange) -> None:
        document = next(d for d in self.standing.documents if d.document_id == change.document_id)
        if change.void_reason is not None:
            # what the ledger demands of one that makes a document void
            assert not document.void
            assert change.though_sent == document.sent
        self._replace(
            document.document_id,
            void=document.void or change.void_reason is not None,
            receipts=document.receipts + ((change.receipt,) if change.receipt else ()),
            services=document.services + ((change.service,) if change.service else ()),
        )

    def _plan(self, draft: DocumentDraft, planned: list[str]) -> None:
        place = len(self.standing.documents) + 1
        seq = len(self.documents(draft.kind)) + 1
        document = CaseDocument(
            document_id=f"document-{place}",
            kind=draft.kind,
            number=f"{AGENCY.series_of(draft.kind, draft.issuer)}〔2026〕第{seq}号",
            issued_on=TODAY,
            role=draft.recipient.role,
            recipient_name=draft.recipient.name,
            bank_code=draft.recipient.bank_code,
            account_number=draft.account_number,
            void=False,
            sent=False,
            about=draft.about,
            basis=read_basis(draft.kind, json.loads(json.dumps(draft.basis.stored()))),
            numbers={name: _id(other, planned) for name, other in draft.numbers.items()},
            encloses=tuple(_id(other, planned) for other in draft.encloses),
            waits_for=None if draft.waits_for is None else _id(draft.waits_for, planned),
        )
        self.drafts[document.document_id] = draft
        self.standing = replace(self.standing, documents=(*self.standing.documents, document))

    def _replace(self, document_id: str, **changes: Any) -> None:
        self.standing = replace(
            self.standing,
            documents=tuple(
                d.model_copy(update=changes) if d.document_id == document_id else d
                for d in self.standing.documents
            ),
        )
