"""A document on its way from the rules to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cases.basis import Basis
from schemas.documents import DocumentKind, Issuer, Recipient, Reference


@dataclass(frozen=True, kw_only=True)
class DocumentDraft:
    """A document that an event calls for, before it has a number."""

    kind: DocumentKind
    recipient: Recipient
    #: what the template prints: finished strings, booleans, lists of such mappings; JSON only.
    #: ``number`` and ``issued_on`` are added when the number is drawn (``finish``).
    data: Mapping[str, Any]
    #: the card or passbook that a bank letter is about
    account_number: str | None = None
    #: document id of the stop letter that this one releases or withdraws
    about: str | None = None
    #: the document that must be archived (bank letters: sent) before this one is produced
    waits_for: Reference | None = None
    #: document id of the void document that this one stands in for
    replaces: str | None = None
    #: what it was made from beside the case's facts; with it the document can be made anew
    basis: Basis = field(default_factory=Basis)
    #: names of data that hold another document's number, filled in when all numbers are drawn
    numbers: Mapping[str, Reference] = field(default_factory=dict)
    #: the documents that it lists as its attachments, in order; all are archived before it is made
    encloses: tuple[Reference, ...] = ()
    issuer: Issuer = Issuer.AGENCY
