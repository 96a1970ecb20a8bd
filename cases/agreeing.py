"""agreement.reached: how the money comes back is to be signed (三（二）)."""

from cases.case import Case
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.drafts import agreement
from cases.money import written
from cases.overtaking import at_moment
from cases.selecting import demand_new, numbers_of
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import AgreementReached, Event
from schemas.people import SELF


def reach_agreement(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The agreement is planned, with its schedule; the money is recorded when it comes.

    Raises Invalid: ``nothing_outstanding``, ``owes_less``, ``debtor_not_party``, ``debtor_dead``,
    ``already_recorded``.
    """
    data, case = data_of(event, AgreementReached), standing.opened
    problems = [*_sum_problems(data, case), *_debtor_problems(data, case)]
    if problems:
        raise Invalid(problems)
    numbers = numbers_of(standing.documents, DocumentKind.RECOVERY_NOTICE)
    draft = agreement(case.facts, data, case.recovered, numbers, surroundings.agency)
    demand_new(draft, "agreed", standing.documents)
    return Decision(case=case, drafts=(at_moment(draft, event),))


def _sum_problems(data: AgreementReached, case: Case) -> list[Problem]:
    if case.outstanding == 0:
        return [Problem.of("/data", "nothing_outstanding")]
    if data.total > case.outstanding:
        amounts = {"amount": written(data.total), "outstanding": written(case.outstanding)}
        return [Problem.of("/data/total", "owes_less", **amounts)]
    return []


def _debtor_problems(data: AgreementReached, case: Case) -> list[Problem]:
    debtor, party = data.debtor, case.facts.party
    if debtor.relation != SELF:
        return []
    if party.died_on is not None:
        return [Problem.of("/data/debtor/relation", "debtor_dead")]
    if debtor.name != party.name or debtor.id_number not in (None, party.id_number):
        return [Problem.of("/data/debtor", "debtor_not_party")]
    return []
