"""送达回证: goes out blank with the letter that it proves the service of."""

from cases.letters.parts import Data
from cases.letters.titles import TITLES
from schemas.configuration import Agency
from schemas.documents import DocumentKind

#: copies that are handed over, by kind; of each the recipient keeps one
_COPIES: dict[DocumentKind, str] = {
    DocumentKind.RECOVERY_NOTICE: "1",
    DocumentKind.AUDIT_OPINION: "1",
    DocumentKind.SUSPENSION_NOTICE: "1",
    DocumentKind.RESUMPTION_NOTICE: "1",
}


def service_record(
    *, kind: DocumentKind, number: str, case_no: str, recipient_name: str, agency: Agency
) -> Data:
    """What the form says before anybody fills it in; ``number`` is that of the letter ``kind``.

    It has no number of its own. KeyError for a kind that is not served.
    """
    return {
        "demo": agency.demo,
        "agency_name": agency.name,
        "case_no": case_no,
        "document_name": TITLES[kind],
        "number": number,
        "copies": _COPIES[kind],
        "recipient_name": recipient_name,
    }
