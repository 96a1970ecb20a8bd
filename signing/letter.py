"""A sealed file taken apart, its bytes and signatures all accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from signing.container import Container
from signing.evidence import Evidence
from signing.signatures import Span


@dataclass(frozen=True, kw_only=True)
class SealedLetter:
    """What the checks of whom to believe, and when, go by."""

    pdf: bytes = field(repr=False)
    #: the seal's, then the document time stamps'; the last covers the whole file, or all but
    #: validation data behind it
    spans: Sequence[Span]
    #: offsets behind the file as it was sealed, and behind each later revision
    ends: Sequence[int]
    container: Container
    #: aware, UTC: the signature's /M
    sealed_at: datetime
    #: as of each span
    evidence_by_span: Sequence[Evidence]
    #: of the whole file, where validation data stands behind the last document time stamp
    uncovered: Evidence | None
    #: the document's number, as the signature says it
    number: str | None
    pages: int

    @property
    def evidence(self) -> Evidence:
        """All validation data of the file that a signature covers."""
        return self.evidence_by_span[-1]

    @property
    def evidence_added(self) -> int:
        """How much of the evidence came after sealing."""
        return self.evidence.size - self.evidence_by_span[0].size
