"""agreement.reached and agreement.signed: how the money comes back is agreed (三（二）)."""

from cases.agreements import in_force, promised, signed_on
from cases.case import Case, CaseDocument, Signature
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds import AGREEMENTS, LETTERS
from cases.kinds.agreement import AgreementBasis
from cases.kinds.kind import Inputs
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.money import written
from cases.selecting import numbers_of, require_new, select
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import AgreementReached, AgreementSigned, Event
from schemas.people import SELF


def reach_agreement(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The agreement is planned, with its schedule; the money is recorded when it comes.

    Raises Invalid: ``nothing_outstanding``, ``owes_less``, ``agreed_already``,
    ``debtor_not_party``, ``debtor_dead``, ``already_recorded``.
    """
    data, case = data_of(event, AgreementReached), standing.opened
    draft = LETTERS[DocumentKind(data.kind.value)].draft(
        AgreementBasis(
            agreed=data.model_copy(update={"signed_on": None}),
            recovered=case.recovered,
            moment=event.time,
            signed_on=data.signed_on,
        ),
        Inputs(
            facts=case.facts,
            agency=surroundings.agency,
            numbers=numbers_of(standing.documents, RECOVERY_NOTICE),
        ),
    )
    require_new(draft, standing.documents)
    problems = [*_sum_problems(data, case, standing.documents), *_debtor_problems(data, case)]
    if problems:
        raise Invalid(problems)
    return Decision(case=case, drafts=(draft,))


def sign_agreement(standing: Standing, event: Event, _surroundings: Surroundings) -> Decision:
    """The agreement is signed: from now on benefits may resume by it.

    Raises Invalid: those of ``select``; ``not_an_agreement``, ``already_signed``.
    """
    data, case = data_of(event, AgreementSigned), standing.opened
    document = select(data.document, standing.documents)
    problems = _signing_problems(document, case)
    if problems:
        raise Invalid(problems)
    signature = Signature(document_id=document.document_id, signed_on=data.signed_on)
    signed = case.model_copy(update={"signatures": (*case.signatures, signature)})
    return Decision(case=signed)


def _sum_problems(
    data: AgreementReached, case: Case, documents: tuple[CaseDocument, ...]
) -> list[Problem]:
    if case.outstanding == 0:
        return [Problem.of("/data", "nothing_outstanding")]
    if data.total > case.outstanding:
        amounts = {"amount": written(data.total), "outstanding": written(case.outstanding)}
        return [Problem.of("/data/total", "owes_less", **amounts)]
    before = promised(case, in_force(documents))
    if data.total + before > case.outstanding:
        values = {
            "amount": written(data.total),
            "promised": written(before),
            "numbers": "、".join(d.number for d in in_force(documents)),
            "outstanding": written(case.outstanding),
        }
        return [Problem.of("/data/total", "agreed_already", **values)]
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


def _signing_problems(document: CaseDocument, case: Case) -> list[Problem]:
    if document.kind not in AGREEMENTS:
        return [Problem.of("/data/document", "not_an_agreement", number=document.number)]
    if signed_on(document, case) is not None:
        return [Problem.of("/data/document", "already_signed", number=document.number)]
    return []
