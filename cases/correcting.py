"""case.corrected: facts were wrong; what would now print otherwise is void and issued anew."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cases.case import Case, CaseDocument, CaseState
from cases.clearing import clear, reopen
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.drafts import as_json, suspension_notice
from cases.money import written
from cases.order import Order
from cases.remaking import amount_of
from cases.rewriting import Rewriting
from cases.stops import cards_due, stop_letters, stops_in_force
from schemas.checks import problems_of
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import CaseCorrected, Changes, Event, Notified, OverpaymentConfirmed
from schemas.remarks import warnings_about

#: the order in which documents are made anew: what others refer to comes first
_ORDER = (
    DocumentKind.RELEASE_PAYMENT_LETTER,
    DocumentKind.RECOVERY_NOTICE,
    DocumentKind.AUDIT_OPINION,
    DocumentKind.SUSPENSION_NOTICE,
    DocumentKind.DEDUCTION_AGREEMENT,
    DocumentKind.REPAYMENT_AGREEMENT,
    DocumentKind.RESUMPTION_NOTICE,
    DocumentKind.ASSISTANCE_REPORT,
    DocumentKind.REFERRAL_LETTER,
)


def correct_case(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The facts stand corrected, and every document in force agrees with them.

    A stop letter that the bank has is withdrawn, never in silence. At exactly zero outstanding
    the case is cleared, above it a cleared case opens again. Raises Invalid: what is wrong with
    the corrected whole; ``corrected_below_recovered``.
    """
    data, case = data_of(event, CaseCorrected), standing.opened
    facts = _merged(case.facts, data.changes)
    corrected = case.model_copy(update={"facts": facts})
    _demand_enough(corrected)
    decision = _carried_out(case, corrected, standing, event, surroundings.agency)
    return replace(decision, warnings=tuple(_warnings(facts, data.changes, surroundings)))


def _merged(facts: OverpaymentConfirmed, changes: Changes) -> OverpaymentConfirmed:
    """The facts with each member that is said replaced whole."""
    said = as_json(changes)
    whole: dict[str, Any] = {**as_json(facts), **said}
    problems = [
        replace(problem, pointer=_in_changes(problem.pointer, said))
        for problem in problems_of("overpayment.confirmed", whole)
    ]
    if problems:
        raise Invalid(problems)
    return OverpaymentConfirmed.model_validate(whole)


def _in_changes(pointer: str, said: Iterable[str]) -> str:
    """Where the correction says what is wrong; the whole of it where a member that stays is."""
    member = pointer.split("/")[2]
    return pointer.replace("/data", "/data/changes", 1) if member in said else "/data/changes"


def _demand_enough(corrected: Case) -> None:
    if corrected.outstanding < 0:
        amounts = {
            "overpaid": written(corrected.overpaid),
            "recovered": written(corrected.recovered),
        }
        where = "/data/changes/overpayments"
        raise Invalid([Problem.of(where, "corrected_below_recovered", **amounts)])


def _warnings(
    facts: OverpaymentConfirmed, changes: Changes, surroundings: Surroundings
) -> list[Problem]:
    """What is remarkable about the members that are said."""
    said = changes.model_fields_set
    found = warnings_about(facts, surroundings.today)
    return [
        replace(problem, pointer=_in_changes(problem.pointer, said))
        for problem in found
        if problem.pointer.split("/")[2] in said
    ]


def _carried_out(
    before: Case, after: Case, standing: Standing, event: Event, agency: Agency
) -> Decision:
    """What the new facts do to the case's state, and to its documents."""
    work = Rewriting(standing.documents, _order(data_of(event, CaseCorrected)), agency)
    if after.outstanding > 0 and before.state is CaseState.CLEARED:
        after = reopen(after, work, event, agency)
    _rewrite(work, before, after, agency)
    if after.outstanding == 0 and before.state is CaseState.OPEN:
        return _cleared(work, after, agency)
    return work.decision(after)


def _order(data: CaseCorrected) -> Order:
    return Order(reason=data.reason, approved_by=data.approved_by)


def _cleared(work: Rewriting, after: Case, agency: Agency) -> Decision:
    """Each stop in force is ended that was not ended by a letter made anew."""
    ended = {draft.about for draft in work.drafts}
    running = tuple(d for d in work.documents if d.document_id not in ended)
    cleared = clear(after, running, agency)
    for draft in cleared.drafts:
        work.add(draft)
    told = work.decision(cleared.case, *cleared.news[1:])
    return replace(told, alarms=(*told.alarms, *cleared.alarms))


def _rewrite(work: Rewriting, before: Case, after: Case, agency: Agency) -> None:
    """Every document in force prints what is true by the facts of ``after``."""
    if after.outstanding > 0:
        _newly_due(work, before, after, agency, _stops(work, before, after))
    for kind in _ORDER:
        for document in work.documents:
            if document.kind is kind and not document.void:
                _document(work, document, before, after)
    for person in _newly_notified(before.facts, after.facts):
        work.add(suspension_notice(after.facts, person, agency))
    work.settle_followers(after)


def _stops(work: Rewriting, before: Case, after: Case) -> list[CaseDocument]:
    """Stop letters in force print what is true; those of cards that are no longer due, now void."""
    due = {card.account_number for card in cards_due(after)}
    orphans = []
    for stop in stops_in_force(work.documents):
        if stop.account_number not in due:
            work.withdraw(stop, before.facts)
            orphans.append(stop)
        elif _differs(work, stop, before.facts, after.facts):
            # the bank hears that the old letter does not count before it gets the new one
            work.reissue(stop, after, after=work.withdraw(stop, before.facts))
    return orphans


def _newly_due(
    work: Rewriting, before: Case, after: Case, agency: Agency, orphans: list[CaseDocument]
) -> None:
    """Cards that are due by the correction are stopped.

    One card in the place of another: its letter stands in for the other's.
    """
    known = {card.account_number for card in cards_due(before)}
    known |= {stop.account_number or "" for stop in stops_in_force(work.documents)}
    known |= {draft.account_number or "" for draft in work.drafts if draft.about is None}
    cards = [card for card in cards_due(after) if card.account_number not in known]
    letters = stop_letters(after.facts, cards, agency)
    pairs = orphans if len(orphans) == len(letters) else [None] * len(letters)
    for letter, orphan in zip(letters, pairs, strict=True):
        work.add(letter, orphan)


def _document(work: Rewriting, document: CaseDocument, before: Case, after: Case) -> None:
    """``document`` is void where it would print otherwise; another stands in where one can."""
    overtaken = _is_overtaken(document, after)
    differs = _differs(work, document, before.facts, after.facts)
    if document.sent or not (overtaken or differs):
        return
    work.void(document)
    if overtaken:
        work.alarm_overtaken(document)
    elif _is_called_for(document, after):
        work.reissue(document, after)


def _differs(
    work: Rewriting,
    document: CaseDocument,
    before: OverpaymentConfirmed,
    after: OverpaymentConfirmed,
) -> bool:
    """Whether ``document`` would now print otherwise, or nobody is there to read it."""
    if document.kind is DocumentKind.SUSPENSION_NOTICE and not _is_notified(document, after):
        return True
    if _came_back_beyond(document, after):
        return True
    moved = {*document.numbers.values(), *document.encloses} & set(work.places)
    return bool(moved) or work.remake(document, before) != work.remake(document, after)


def _is_called_for(document: CaseDocument, after: Case) -> bool:
    if document.kind is DocumentKind.AUDIT_OPINION:
        return after.outstanding > 0
    if document.kind is DocumentKind.SUSPENSION_NOTICE:
        return _is_notified(document, after.facts)
    return True


def _is_overtaken(document: CaseDocument, after: Case) -> bool:
    """Whether what was agreed or verified is more than what was owed then, as is known now."""
    for event, member in (("agreed", "total"), ("verified", "amount")):
        if event in document.basis:
            owed = after.overpaid - amount_of(document, "recovered")
            return amount_of(document, event, member) > owed
    return False


def _came_back_beyond(document: CaseDocument, after: OverpaymentConfirmed) -> bool:
    """Whether it tells of more money that came back than was ever owed, as is known now."""
    return "recovered" in document.basis and amount_of(document, "recovered") > after.overpaid


def _is_notified(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    told = Notified.model_validate(document.basis["notified"])
    return _who(told) in {_who(person) for person in _to_notify(facts)}


def _newly_notified(before: OverpaymentConfirmed, after: OverpaymentConfirmed) -> list[Notified]:
    """Who is to be told now and was not before."""
    told = {_who(person) for person in _to_notify(before)}
    return [person for person in _to_notify(after) if _who(person) not in told]


def _who(person: Notified) -> tuple[str, str]:
    return person.kind, person.name


def _to_notify(facts: OverpaymentConfirmed) -> tuple[Notified, ...]:
    lost = any(entry.entitlement_lost for entry in facts.overpayments)
    return facts.notify if lost else ()
