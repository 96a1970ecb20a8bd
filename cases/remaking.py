"""A document made anew, from what it was made from and the facts as they now stand.

Two remakings compared tell whether a document would now print otherwise: the old facts and the
new ones, with everything else (the agency's settings, what came back meanwhile) the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cases.case import CaseDocument
from cases.draft import DocumentDraft
from cases.kinds import LETTERS
from cases.kinds.kind import Inputs, LetterKind
from schemas.configuration import Agency
from schemas.documents import Reference
from schemas.events import OverpaymentConfirmed


@dataclass(frozen=True, kw_only=True)
class Remake:
    """With what a document is made anew."""

    facts: OverpaymentConfirmed
    agency: Agency
    documents: tuple[CaseDocument, ...]
    #: yuan that came back, as the new document tells it; None: as the old one did
    recovered: Decimal | None = None
    #: document id → place of the draft that stands in for it
    places: Mapping[str, int]

    def document(self, old: CaseDocument) -> DocumentDraft:
        """``old`` made anew; what it refers to is what now stands in for that."""
        letter = LETTERS[old.kind]
        basis = letter.basis_of(old).renewed(self.facts, self.recovered)
        return letter.draft(basis, self._inputs(old, letter))

    def _inputs(self, old: CaseDocument, letter: LetterKind[Any]) -> Inputs:
        waited_for = [] if letter.follows is None or old.waits_for is None else [old.waits_for]
        return Inputs(
            facts=self.facts,
            agency=self.agency,
            documents=self.documents,
            numbers=self.numbers(old),
            waits_for=next(iter(self.standing(waited_for)), None),
            stop=None if letter.ends is None else self.find(old.about or ""),
            encloses=self.standing(old.encloses),
        )

    def now(self, reference: str) -> Reference:
        """What stands in for the document ``reference`` from now on."""
        return self.places.get(reference, reference)

    def standing(self, references: Iterable[str]) -> tuple[Reference, ...]:
        """What now stands for ``references``; one that is void and has no stand-in is left out."""
        return tuple(
            self.now(reference)
            for reference in references
            if reference in self.places or not self.find(reference).void
        )

    def numbers(self, old: CaseDocument) -> dict[str, Reference]:
        """The documents whose numbers ``old`` prints, as they now stand; none that is void."""
        found = {name: self.standing([reference]) for name, reference in old.numbers.items()}
        return {name: kept[0] for name, kept in found.items() if kept}

    def find(self, reference: str) -> CaseDocument:
        """The document of that id."""
        return next(d for d in self.documents if d.document_id == reference)
