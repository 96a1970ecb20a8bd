"""What a kind of document is: its traits, how it is drafted, whether it has its purpose."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from cases.basis import Basis
from cases.case import Case, CaseDocument
from cases.draft import DocumentDraft
from schemas.configuration import Agency
from schemas.documents import (
    DocumentKind,
    LetterState,
    Recipient,
    RecipientRole,
    Reference,
)
from schemas.events import OverpaymentConfirmed

BasisT = TypeVar("BasisT", bound=Basis)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """From what a letter is drafted beside its basis."""

    facts: OverpaymentConfirmed
    agency: Agency
    #: the case's documents as they stand, to look up the other letters that this one names
    documents: tuple[CaseDocument, ...] = ()
    #: names of data that hold another document's number → that document
    numbers: Mapping[str, Reference] = field(default_factory=dict)
    #: of a kind that ``follows`` another: the document that it is made after
    waits_for: Reference | None = None
    #: of a letter that ends a stop: the stop letter
    stop: CaseDocument | None = None
    #: what is listed as attachments, in order
    encloses: tuple[Reference, ...] = ()


class Kind(ABC):
    """A kind of document, numbered or not."""

    kind: DocumentKind
    #: what it is called in Chinese (湘人社规〔2022〕30号 and its annexes)
    title: str

    def titled(self, role: RecipientRole) -> str:  # noqa: ARG002 -- of those that differ by it
        """What is printed above one to somebody of that ``role``."""
        return self.title


class LetterKind(Kind, Generic[BasisT]):
    """A kind with a number: a letter, a report, an agreement."""

    #: what one was made from beside the case's facts
    basis: type[BasisT]
    #: copies that are handed over, of which the recipient keeps one; None: it is not served (送达)
    copies: int | None = None
    #: of a page or two in the letters' one style: a batch may hold any of them
    short: bool = False
    #: the order of production: what stops payments first
    priority: int = 2
    #: the order in which a correction makes them anew, so that what others refer to comes first;
    #: None: made anew with the stop letters (``cases.correcting``). Each kind says so itself
    corrected: int | None
    #: what it asks for, or speaks of, is money: without any outstanding it has no purpose
    asks_for_money: bool = False
    #: issued anew it tells what has come back until now, not until it was made first
    of_today: bool = False
    #: it is over all that is outstanding: money of its own moment has it made anew
    over_all: bool = False
    #: the name of data in which other documents print its number; None: none does
    number_name: str | None = None
    #: the kind that must be archived before one is made
    follows: DocumentKind | None = None
    #: where it brings the stop letter that it is about; None: it ends none
    ends: LetterState | None = None
    #: name of data that tells of other stops of its account, filled in when it is made
    tells_stops: str | None = None

    @abstractmethod
    def draft(self, basis: BasisT, inputs: Inputs) -> DocumentDraft:
        """The document that ``basis`` calls for, before it has a number."""

    def read(self, stored: Mapping[str, Any]) -> BasisT | None:
        """The basis as the ledger keeps it; None where an older release kept too little."""
        try:
            return self.basis.model_validate(stored)
        except ValidationError:
            return None

    def basis_of(self, document: CaseDocument | DocumentDraft) -> BasisT:
        """From what ``document``, of this kind, was made; ValueError where nobody knows."""
        if not isinstance(document.basis, self.basis):
            raise ValueError(f"nothing says from what this {self.kind} was made")  # noqa: TRY004
        return document.basis

    def is_called_for(
        self,
        document: CaseDocument,  # noqa: ARG002 -- of those that differ by it
        case: Case,
        documents: tuple[CaseDocument, ...],  # noqa: ARG002
    ) -> bool:
        """Whether ``case``, whose documents are ``documents``, asks for such a one anew."""
        return not self.asks_for_money or case.outstanding > 0

    def is_for_the_dead(
        self,
        document: CaseDocument,  # noqa: ARG002 -- of those that ask somebody
        facts: OverpaymentConfirmed,  # noqa: ARG002
    ) -> bool:
        """Whether it asks the party himself, of whom the facts say that he is dead."""
        return False


def party(facts: OverpaymentConfirmed) -> Recipient:
    """The party of the case, as the one whom a document goes to."""
    return Recipient(role=RecipientRole.PARTY, name=facts.party.name)
