"""resumption.approved: benefits resume before everything is repaid, as somebody approved."""

from collections.abc import Mapping
from decimal import Decimal

from cases.agreements import agreement_basis, latest_signed
from cases.case import Case, CaseDocument, Resumption
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds.kind import Inputs
from cases.kinds.resumption_notice import RESUMPTION_NOTICE, ResumptionBasis
from cases.news import case_changed
from cases.references import AGREEMENT_NUMBER
from cases.selecting import latest, require_new
from cases.stops import end_letter, measures, stops_in_force
from schemas.codes import Problem
from schemas.documents import DocumentKind, Reference
from schemas.errors import Invalid
from schemas.events import Event, ResumptionApproved
from schemas.numbers import masked


def approve_resumption(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The party is told that benefits resume; with ``release_card`` the card is let go for good.

    Raises Invalid: ``not_a_card_of_the_case``, ``no_agreement_in_force``,
    ``agreement_not_signed``, ``no_stop_in_force``, ``already_recorded``.
    """
    data, case = data_of(event, ResumptionApproved), standing.opened
    stops = _stops(data, standing.documents)
    agreement = _agreement(data, case, standing.documents)
    problems = [
        *_problems(data, case, stops),
        *(_no_agreement(standing.documents) if data.with_deduction and agreement is None else ()),
    ]
    if problems:
        raise Invalid(problems)
    notice = RESUMPTION_NOTICE.draft(
        ResumptionBasis(approved=data, per_month=_per_month(agreement)),
        Inputs(facts=case.facts, agency=surroundings.agency, numbers=_numbers(agreement)),
    )
    require_new(notice, standing.documents)
    ends = tuple(end_letter(case.facts, stop, surroundings.agency, data) for stop in stops)
    resumed = _resumed(case, data)
    news = case_changed(resumed, measures(standing.documents, ends))
    return Decision(case=resumed, drafts=(*ends, notice), news=(news,) if ends else ())


def _stops(data: ResumptionApproved, documents: tuple[CaseDocument, ...]) -> list[CaseDocument]:
    """The stop letters in force that end: those of the card, where it is to be released."""
    if not data.release_card:
        return []
    return [stop for stop in stops_in_force(documents) if stop.account_number == data.paid_to]


def _agreement(
    data: ResumptionApproved, case: Case, documents: tuple[CaseDocument, ...]
) -> CaseDocument | None:
    """The agreement by which is deducted: one that both sides have signed."""
    if not data.with_deduction:
        return None
    return latest_signed(DocumentKind.DEDUCTION_AGREEMENT, case, documents)


def _no_agreement(documents: tuple[CaseDocument, ...]) -> list[Problem]:
    where = "/data/with_deduction"
    unsigned = latest(DocumentKind.DEDUCTION_AGREEMENT, documents)
    if unsigned is None:
        return [Problem.of(where, "no_agreement_in_force")]
    return [Problem.of(where, "agreement_not_signed", number=unsigned.number)]


def _problems(data: ResumptionApproved, case: Case, stops: list[CaseDocument]) -> list[Problem]:
    problems, account = [], masked(data.paid_to)
    if data.with_deduction and case.outstanding == 0:
        return [Problem.of("/data", "nothing_outstanding")]
    if data.paid_to not in {card.account_number for card in case.facts.benefit_cards}:
        problems.append(Problem.of("/data/paid_to", "not_a_card_of_the_case", account=account))
    elif data.release_card and not stops:
        problems.append(Problem.of("/data/release_card", "no_stop_in_force", account=account))
    return problems


def _per_month(agreement: CaseDocument | None) -> Decimal | None:
    return None if agreement is None else agreement_basis(agreement).agreed.per_month


def _numbers(agreement: CaseDocument | None) -> Mapping[str, Reference]:
    return {} if agreement is None else {AGREEMENT_NUMBER: agreement.document_id}


def _resumed(case: Case, data: ResumptionApproved) -> Case:
    entry = Resumption(
        benefit=data.benefit,
        from_=data.from_,
        monthly=data.monthly,
        paid_to=data.paid_to,
        with_deduction=data.with_deduction,
        released=data.release_card,
    )
    return case.model_copy(update={"resumptions": (*case.resumptions, entry)})
