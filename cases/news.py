"""What a case tells the upstream system about itself (contract, "Out").

Amounts are strings, dates ISO 8601; nothing in these messages names a person.
"""

from cases.case import Case, CaseDocument, Receipt
from cases.decision import OutgoingNews
from cases.money import written


def case_changed(case: Case, measures: tuple[str, ...]) -> OutgoingNews:
    """``case.changed``: what the business system marks (台账管理); ``measures`` in force."""
    return OutgoingNews(
        type="case.changed",
        data={
            **_name(case),
            "state": case.state.value,
            **_sums(case),
            "measures": list(measures),
        },
    )


def case_cleared(case: Case) -> OutgoingNews:
    """``case.cleared``: everything is recovered; ``still_qualified`` is null where nobody said."""
    if case.cleared_on is None:
        raise ValueError("a cleared case has its date")
    return OutgoingNews(
        type="case.cleared",
        data={
            **_name(case),
            **_sums(case),
            "cleared_on": case.cleared_on.isoformat(),
            "still_qualified": case.still_qualified,
        },
    )


def letter_refused(case: Case, letter: CaseDocument, receipt: Receipt) -> OutgoingNews:
    """``letter.refused``: the bank did not do what ``letter`` asks; the letter stays open."""
    return OutgoingNews(
        type="letter.refused",
        data={
            "document_id": letter.document_id,
            "number": letter.number,
            **_name(case),
            "bank_code": receipt.bank_code,
            "reason": receipt.reason,
            "received_at": receipt.received_at.isoformat(),
        },
    )


def _name(case: Case) -> dict[str, str]:
    return {"case_no": case.case_no, "agency": case.agency}


def _sums(case: Case) -> dict[str, str]:
    return {
        "overpaid": written(case.overpaid),
        "recovered": written(case.recovered),
        "outstanding": written(case.outstanding),
    }
