"""送达回证: goes out blank with the letter that it proves the service of."""

from dataclasses import replace
from typing import Any

from cases.kinds.kind import Kind, LetterKind
from cases.letters.parts import BLANK, Data
from schemas.configuration import Agency
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import NotifiedKind, OverpaymentConfirmed


class ServiceRecord(Kind):
    """The form: it has no number of its own and no draft, and goes out with what is served."""

    kind = DocumentKind.SERVICE_RECORD
    title = "送达回证"


def service_record(
    *, letter: LetterKind[Any], number: str, case_no: str, recipient: Recipient, agency: Agency
) -> Data:
    """What the form says before anybody fills it in; ``number`` is that of the ``letter``.

    ``recipient`` is the one who is served (``served_on``); where nobody is known, the line is left
    to be written on. ValueError for a kind that is not served.
    """
    if letter.copies is None:
        raise ValueError(f"a {letter.kind} is not served")
    return {
        "demo": agency.demo,
        "agency_name": agency.name,
        "case_no": case_no,
        "document_name": letter.titled(recipient.role),
        "number": number,
        "copies": str(letter.copies),
        "recipient_name": recipient.name or BLANK,
    }


def served_on(recipient: Recipient, facts: OverpaymentConfirmed) -> Recipient:
    """The one whom a letter to ``recipient`` is served on: nobody serves a dead party.

    In his place the promisor, else the first relative who is told, else nobody that is known.
    """
    if recipient.role is not RecipientRole.PARTY or facts.party.died_on is None:
        return recipient
    relatives = [each.name for each in facts.notify if each.kind is NotifiedKind.RELATIVE]
    promisor = [facts.promisor.name] if facts.promisor else []
    return replace(recipient, name=next(iter([*promisor, *relatives]), None))


SERVICE_RECORD = ServiceRecord()
