"""A sealed file taken apart, its bytes and signatures all accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from signing.accounting import Span
from signing.container import Container
from signing.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class SealedLetter:
    """What the checks of whom to believe, and when, go by."""

    pdf: bytes = field(repr=False)
    #: the seal's, then the document time stamps'; the last covers the whole file
    spans: Sequence[Span]
    container: Container
    #: aware, UTC: the signature's /M
    sealed_at: datetime
    evidence: Evidence
    #: how much of the evidence came after sealing
    evidence_added: int
    #: the document's number, as the signature says it
    number: str | None
    pages: int
