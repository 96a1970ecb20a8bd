"""Whether a document still has its purpose in the case as it stands.

One that has none is void alone: nothing is issued in its place.
"""

from cases.case import Case, CaseDocument
from cases.kinds import LETTERS
from cases.references import AGREEMENT_NUMBER
from schemas.events import OverpaymentConfirmed


def is_called_for(document: CaseDocument, case: Case, documents: tuple[CaseDocument, ...]) -> bool:
    """Whether ``case``, whose documents are ``documents``, asks for such a document anew."""
    letter = LETTERS[document.kind]
    if letter.is_for_the_dead(document, case.facts):
        return False
    return letter.is_called_for(document, case, documents)


def is_overtaken(document: CaseDocument, case: Case) -> bool:
    """Whether what was agreed or verified is more than was owed then, as is known now.

    Or whether it is addressed to somebody who was dead by then.
    """
    return _is_over_too_much(document, case) or (
        is_for_the_dead(document, case.facts) and _was_dead(document, case.facts)
    )


def is_for_the_dead(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    """Whether it asks the party himself, of whom the facts say that he is dead."""
    return LETTERS[document.kind].is_for_the_dead(document, facts)


def named_in(document: CaseDocument) -> set[str]:
    """The ids of the documents whose numbers ``document`` prints, or that it encloses."""
    return {*document.numbers.values(), *document.encloses}


def rests_on(document: CaseDocument) -> set[str]:
    """Those of them without which it says nothing: its enclosures, the agreement it carries out."""
    agreement = document.numbers.get(AGREEMENT_NUMBER)
    return {*document.encloses} | ({agreement} if agreement else set())


def _is_over_too_much(document: CaseDocument, case: Case) -> bool:
    basis = document.basis
    if basis is None or basis.fixed is None or basis.told is None:
        return False
    return basis.fixed > case.overpaid - basis.told


def _was_dead(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    died_on = facts.party.died_on
    return died_on is not None and died_on <= document.issued_on
