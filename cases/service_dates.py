"""When notice and opinion were issued and served, as a letter that rests on them prints it."""

from collections.abc import Mapping

from cases.case import CaseDocument
from cases.dates import chinese_date, day_in_china
from cases.references import NOTICE_NUMBER, OPINION_NUMBER
from schemas.documents import Reference


def dates_of(
    numbers: Mapping[str, Reference], documents: tuple[CaseDocument, ...]
) -> dict[str, str]:
    """``notice_issued_on``, ``notice_served_on`` and the same of the opinion, by ``numbers``.

    "" where there is no such document, or it was not served, or it is issued with the letter.
    """
    known = {document.document_id: document for document in documents}
    found = {}
    for name, prefix in ((NOTICE_NUMBER, "notice"), (OPINION_NUMBER, "opinion")):
        document = known.get(str(numbers.get(name)))
        served = min((s.served_at for s in document.services), default=None) if document else None
        found[f"{prefix}_issued_on"] = chinese_date(document.issued_on) if document else ""
        found[f"{prefix}_served_on"] = chinese_date(day_in_china(served)) if served else ""
    return found
