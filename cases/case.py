"""A case and what has become of it: what the ledger keeps, and what the rules work on."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cases.basis import Basis
from cases.money import ZERO
from schemas.documents import DocumentKind, RecipientRole
from schemas.events import OverpaymentConfirmed
from schemas.fields import Month, Strict


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # money is outstanding
    CLEARED = "cleared"  # everything has been recovered


class Repayment(Strict):
    """Money that came in for a case (台账: 追回资金)."""

    receipt_no: str
    amount: Decimal  #: yuan, two digits after the point
    received_on: date
    deposited_on: date | None
    channel: str
    payer: str
    #: whether the party may go on drawing benefits; None: this repayment does not say
    still_qualified: bool | None
    time: datetime  #: the event's time; the latest ``still_qualified`` counts by it
    reversed: bool = False  #: booked wrongly or bounced; does not count


class Resumption(Strict):
    """Benefits resume before the case is cleared, as somebody approved."""

    benefit: str
    from_: Annotated[Month, Field(alias="from")]
    monthly: Decimal  #: yuan
    paid_to: str  #: account number of one of the case's cards
    with_deduction: bool
    #: the card is let go: it is not stopped again while the case runs
    released: bool


class Signature(Strict):
    """An agreement was signed by both sides after it was issued."""

    document_id: str
    signed_on: date


class Case(Strict):
    """A case as it stands; money in yuan."""

    agency: str
    case_no: str
    state: CaseState
    #: the overpayment's facts as they now stand
    facts: OverpaymentConfirmed
    repayments: tuple[Repayment, ...] = ()
    cleared_on: date | None = None
    resumptions: tuple[Resumption, ...] = ()
    #: accounts whose stop letter an operator made void without another: as long as the facts
    #: say that they are to be stopped, they are left as he ordered
    spared: tuple[str, ...] = ()
    #: of agreements that were issued unsigned
    signatures: tuple[Signature, ...] = ()

    @property
    def overpaid(self) -> Decimal:
        """The sum of all overpayments."""
        return self.facts.overpaid

    @property
    def recovered(self) -> Decimal:
        """The sum of the repayments that count."""
        return sum((entry.amount for entry in self.repayments if not entry.reversed), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """What is still owed; never negative."""
        return self.overpaid - self.recovered

    @property
    def still_qualified(self) -> bool | None:
        """What the latest repayment that speaks of it says; None where none that counts does."""
        said = [r for r in self.repayments if not r.reversed and r.still_qualified is not None]
        # of two at the same time the one recorded later counts
        return max(reversed(said), key=lambda r: r.time).still_qualified if said else None


class Receipt(Strict):
    """A bank's 回执 for a letter."""

    bank_code: str
    received_at: datetime
    executed: bool
    executed_at: datetime | None
    balance: Decimal | None
    reason: str | None
    clerk: str | None
    time: datetime  #: the event's time; the latest answer counts by it


class Service(Strict):
    """How a document was served (送达)."""

    served_at: datetime
    place: str
    method: str
    received_by: str
    relation: str | None
    servers: tuple[str, ...]
    witnesses: tuple[str, ...]


class CaseDocument(Strict):
    """A numbered document of the case, as far as the rules need to see it."""

    document_id: str
    kind: DocumentKind
    number: str
    issued_on: date
    role: RecipientRole
    recipient_name: str | None
    bank_code: str | None
    account_number: str | None
    #: void documents are shown too, so that the rules can tell "void" from "never was"
    void: bool
    #: the broker has confirmed the letter for the bank
    sent: bool
    #: for a release or withdrawal: the document id of the stop letter
    about: str | None
    receipts: tuple[Receipt, ...] = ()
    services: tuple[Service, ...] = ()
    #: what it was made from beside the case's facts; with it the document can be made anew
    #: None: it was made by a release that kept too little for that
    basis: Basis | None = Basis()
    #: names of data that hold another document's number → that document's id
    numbers: Mapping[str, str] = {}
    #: the documents that it lists as its attachments, in order
    encloses: tuple[str, ...] = ()
    #: document id of what must be out before this one is made
    waits_for: str | None = None
    #: sealed: what it waited for no longer matters
    sealed: bool = False

    @property
    def answer(self) -> Receipt | None:
        """The bank's latest receipt by the time of its event; None while there is none."""
        # of two at the same time the one recorded later counts
        return max(reversed(self.receipts), key=lambda r: r.time, default=None)

    @property
    def tells_the_bank(self) -> bool:
        """The bank has this letter, or will: a letter that left cannot be called back."""
        return self.sent or not self.void

    def ended_by(self, others: tuple["CaseDocument", ...]) -> "CaseDocument | None":
        """The release or withdrawal of this stop letter among ``others``; None while it runs."""
        about_me = (d for d in others if d.about == self.document_id and d.tells_the_bank)
        return next(about_me, None)
