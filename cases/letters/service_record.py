"""送达回证: goes out blank with the letter that it proves the service of."""

from dataclasses import replace

from cases.letters.parts import BLANK, Data
from cases.letters.titles import title_of
from schemas.configuration import Agency
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import NotifiedKind, OverpaymentConfirmed

#: copies that are handed over, by kind; of each the recipient keeps one
_COPIES: dict[DocumentKind, str] = {
    DocumentKind.RECOVERY_NOTICE: "1",
    DocumentKind.AUDIT_OPINION: "1",
    DocumentKind.SUSPENSION_NOTICE: "1",
    DocumentKind.RESUMPTION_NOTICE: "1",
}


def service_record(
    *, kind: DocumentKind, number: str, case_no: str, recipient: Recipient, agency: Agency
) -> Data:
    """What the form says before anybody fills it in; ``number`` is that of the letter ``kind``.

    It has no number of its own. ``recipient`` is the one who is served (``served_on``); where
    nobody is known, the line is left to be written on. KeyError for a kind that is not served.
    """
    return {
        "demo": agency.demo,
        "agency_name": agency.name,
        "case_no": case_no,
        "document_name": title_of(kind, recipient.role),
        "number": number,
        "copies": _COPIES[kind],
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
