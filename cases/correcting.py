"""case.corrected: facts were wrong; what would now print otherwise is void and issued anew."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

from cases.agreements import in_force, promised
from cases.cards import cards_due, cards_to_stop, newly_overpaid, without_card
from cases.case import Case, CaseDocument, CaseState
from cases.clearing import clear, reopen
from cases.decision import Alarm, Decision, Standing, Surroundings, data_of
from cases.draft import DocumentDraft
from cases.kinds import AGREEMENTS, LETTERS
from cases.kinds.kind import Inputs
from cases.kinds.suspension_notice import SUSPENSION_NOTICE, NotifiedBasis, to_notify, who
from cases.money import written
from cases.order import Order
from cases.purpose import (
    is_called_for,
    is_for_the_dead,
    is_overtaken,
    named_in,
    rests_on,
)
from cases.rewriting import Rewriting
from cases.stops import stop_letters, stops, stops_in_force
from schemas.checks import problems_of
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import CaseCorrected, Changes, Event, Notified, OverpaymentConfirmed
from schemas.fields import Strict
from schemas.remarks import warnings_about

#: the order in which documents are made anew: what others refer to comes first
_ORDER = [
    letter.kind
    for letter in sorted(LETTERS.values(), key=lambda letter: letter.corrected or 0)
    if letter.corrected is not None
]

#: the register's reason where the correction says none
_REASON = "案件信息更正"


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
    return replace(
        decision,
        warnings=(*_warnings(facts, data.changes, surroundings), *decision.warnings),
        alarms=(*decision.alarms, *_nobody_to_stop(case.facts, corrected)),
    )


def _nobody_to_stop(before: OverpaymentConfirmed, after: Case) -> Iterator[Alarm]:
    """An alarm for each benefit that must stop by the correction while nobody knows its card."""
    if after.outstanding > 0:
        for place in without_card(after.facts):
            if after.facts.overpayments[place] not in before.overpayments:
                where = f"/data/changes/overpayments/{place}/paid_to"
                yield Alarm(name="nobody_to_stop", details={"pointer": where})


def _merged(facts: OverpaymentConfirmed, changes: Changes) -> OverpaymentConfirmed:
    """The facts with each member that is said replaced whole."""
    said = _as_json(changes)
    whole: dict[str, Any] = {**_as_json(facts), **said}
    problems = [
        replace(problem, pointer=_in_changes(problem.pointer, said))
        for problem in problems_of("overpayment.confirmed", whole)
    ]
    if problems:
        raise Invalid(problems)
    return OverpaymentConfirmed.model_validate(whole)


def _as_json(value: Strict) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True)


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
    after = _held_again(before, _still_spared(after))
    if after.outstanding > 0 and before.state is CaseState.CLEARED:
        after = reopen(after, work, event, agency)
    _rewrite(work, before, after, agency)
    if after.outstanding == 0 and before.state is CaseState.OPEN:
        return _cleared(work, after, agency)
    return work.decision(after)


def _order(data: CaseCorrected) -> Order:
    return Order(
        reason=data.reason or _REASON,
        public_reason=data.public_reason,
        approved_by=data.approved_by,
    )


def _still_spared(case: Case) -> Case:
    """The case whose cards are left as ordered as long as the facts ask to stop them."""
    asked = {card.account_number for card in cards_to_stop(case.facts)}
    return case.model_copy(update={"spared": tuple(a for a in case.spared if a in asked)})


def _held_again(before: Case, after: Case) -> Case:
    """The case in which no card is let go or spared to which something new was overpaid since."""
    accounts = newly_overpaid(before.facts, after.facts)
    resumptions = tuple(
        entry.model_copy(update={"released": False}) if entry.paid_to in accounts else entry
        for entry in after.resumptions
    )
    spared = tuple(account for account in after.spared if account not in accounts)
    return after.model_copy(update={"resumptions": resumptions, "spared": spared})


def _cleared(work: Rewriting, after: Case, agency: Agency) -> Decision:
    """Each stop in force is ended that was not ended by a letter made anew."""
    ended = {draft.about for draft in work.drafts}
    running = tuple(d for d in work.documents if d.document_id not in ended)
    cleared = clear(after, running, agency)
    for draft in cleared.drafts:
        work.add(draft)
    told = work.decision(cleared.case, *cleared.news[1:])
    return replace(told, alarms=(*told.alarms, *cleared.alarms), warnings=cleared.warnings)


def _rewrite(work: Rewriting, before: Case, after: Case, agency: Agency) -> None:
    """Every document in force prints what is true by the facts of ``after``."""
    orphans = _stops(work, before, after)
    if after.outstanding > 0:
        _newly_due(work, after, agency, orphans)
    for kind in _ORDER:
        for document in work.documents:
            if document.kind is kind and not document.void:
                _document(work, document, before, after)
    if after.outstanding > 0:
        _tell_others(work, before, after, agency)
    work.settle_followers(after)


def _stops(work: Rewriting, before: Case, after: Case) -> list[CaseDocument]:
    """Stop letters print what is true; those of cards that are no longer due, now void.

    The bank hears that a letter does not count before it gets another. One that is about to end
    is over at once where it would print otherwise: it must not come into force again as it is.
    """
    due = {card.account_number for card in cards_due(after)}
    orphans = []
    for stop in stops(work.documents):
        running = stop.ended_by(work.documents) is None and after.outstanding > 0
        if _is_over(work, stop):
            continue
        if running and stop.account_number not in due:
            work.withdraw(stop, before.facts)
            orphans.append(stop)
        elif _differs(work, stop, before.facts, after.facts):
            if running:
                work.exchange(stop, before.facts, after)
            else:
                work.withdraw(stop, before.facts)
    return orphans


def _is_over(work: Rewriting, stop: CaseDocument) -> bool:
    """Whether the bank has the letter that ended ``stop``."""
    return any(d.about == stop.document_id and d.sent for d in work.documents)


def _newly_due(work: Rewriting, after: Case, agency: Agency, orphans: list[CaseDocument]) -> None:
    """Cards that are due and not stopped are stopped.

    One card in the place of another: its letter stands in for the other's.
    """
    known = {stop.account_number or "" for stop in stops_in_force(work.documents)}
    known |= {
        draft.account_number or ""
        for draft in work.drafts
        if draft.kind is DocumentKind.STOP_PAYMENT_LETTER
    }
    cards = [card for card in cards_due(after) if card.account_number not in known]
    letters = stop_letters(after.facts, cards, agency)
    pairs = orphans if len(orphans) == len(letters) else [None] * len(letters)
    for letter, orphan in zip(letters, pairs, strict=True):
        work.stop(letter, after, orphan)


def _document(work: Rewriting, document: CaseDocument, before: Case, after: Case) -> None:
    """``document`` is void where it would print otherwise; another stands in where one can."""
    overtaken = (
        is_overtaken(document, after)
        or bool(rests_on(document) & work.lost)
        or _is_promised_beyond(work, document, after)
    )
    differs = _differs(work, document, before.facts, after.facts)
    if document.sent or not (overtaken or differs):
        return
    work.void(document)
    if overtaken or is_for_the_dead(document, after.facts):
        work.alarm_overtaken(document)
    elif is_called_for(document, after, work.documents):
        work.reissue(document, after)


def _is_promised_beyond(work: Rewriting, document: CaseDocument, after: Case) -> bool:
    """Whether the agreements up to ``document`` are to bring more than is owed, as is known now."""
    if document.kind not in AGREEMENTS:
        return False
    before = takewhile(lambda other: other.document_id != document.document_id, work.documents)
    made_anew = [draft for draft in work.drafts if draft.kind in AGREEMENTS]
    agreements: list[CaseDocument | DocumentDraft] = [*in_force(before), *made_anew, document]
    return len(agreements) > 1 and promised(after, agreements) > after.outstanding


def _differs(
    work: Rewriting,
    document: CaseDocument,
    before: OverpaymentConfirmed,
    after: OverpaymentConfirmed,
) -> bool:
    """Whether ``document`` would now print otherwise, or nobody is there to read it."""
    suspension = document.kind is DocumentKind.SUSPENSION_NOTICE
    if suspension and not SUSPENSION_NOTICE.is_notified(document, after):
        return True
    if _came_back_beyond(document, after) or named_in(document) & work.gone:
        return True
    return work.remake(document, before) != work.remake(document, after)


def _came_back_beyond(document: CaseDocument, after: OverpaymentConfirmed) -> bool:
    """Whether it tells of more money that came back than was ever owed, as is known now."""
    told = None if document.basis is None else document.basis.told
    return told is not None and told > after.overpaid


def _tell_others(work: Rewriting, before: Case, after: Case, agency: Agency) -> None:
    """Who is to be told now and was not before; one in the place of another says so."""
    told = {who(person) for person in to_notify(before.facts)}
    for person in to_notify(after.facts):
        if who(person) not in told:
            inputs = Inputs(facts=after.facts, agency=agency)
            notice = SUSPENSION_NOTICE.draft(NotifiedBasis(notified=person), inputs)
            work.add(notice, _predecessor(work, before, after, person))


def _predecessor(
    work: Rewriting, before: Case, after: Case, person: Notified
) -> CaseDocument | None:
    """The void notice of the one in whose place ``person`` is told: both alone of their kind."""
    old = {who(other) for other in to_notify(before.facts) if other.kind is person.kind}
    new = {who(other) for other in to_notify(after.facts) if other.kind is person.kind}
    if len(new - old) != 1 or len(old - new) != 1:
        return None
    (name,) = old - new
    notices = (d for d in work.documents if d.kind is DocumentKind.SUSPENSION_NOTICE)
    lost = (d for d in notices if d.document_id in work.lost)
    return next((d for d in lost if who(SUSPENSION_NOTICE.told(d)) == name), None)
