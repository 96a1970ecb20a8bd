"""What the data of several events have in common: whose case it is, and which document is meant."""

from schemas.documents import DocumentKind
from schemas.fields import AccountNumber, CaseNo, Key, Strict, Text
from schemas.numbers import NumberText


class CaseEvent(Strict):
    """What the data of every event says: whose case it is."""

    case_no: CaseNo
    agency: Key


class DocumentSelector(Strict):
    """Which document is meant: by number, by reference, or the only one in force of a kind."""

    number: NumberText | None = None
    #: document id
    reference: Key | None = None
    kind: DocumentKind | None = None
    account_number: AccountNumber | None = None
    recipient: Text | None = None  #: name of the one it is addressed to
