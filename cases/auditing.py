"""audit.opened: not repaid after the notice, an audit with a deadline (三（一）)."""

from datetime import datetime

from cases.agreements import running
from cases.case import Case, CaseDocument
from cases.dates import day_in_china
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds.audit_opinion import AUDIT_OPINION, AuditBasis
from cases.kinds.kind import Inputs
from cases.selecting import latest
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import AuditOpened, Event, LumpSum, Month, OverpaymentConfirmed, Person


def open_audit(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """An audit opinion over what is outstanding now is planned; made after its notice.

    Raises Invalid: ``nothing_outstanding``, ``no_notice``, ``addressee_required``,
    ``opinion_in_force``, ``agreement_running``; unless ``early`` is given ``notice_not_served``,
    ``term_not_over``; all that hold.
    """
    data, case = data_of(event, AuditOpened), standing.opened
    notice = latest(DocumentKind.RECOVERY_NOTICE, standing.documents)
    problems = [
        *_problems(data, case, notice),
        *_measures_in_force(data, event.time, standing),
        *(_too_early(case.facts, notice, event.time) if data.early is None else ()),
    ]
    if notice is None or problems:
        raise Invalid(problems)
    draft = AUDIT_OPINION.draft(
        AuditBasis(audit=data, recovered=case.recovered, moment=event.time),
        Inputs(facts=case.facts, agency=surroundings.agency, waits_for=notice.document_id),
    )
    return Decision(case=case, drafts=(draft,))


def _problems(data: AuditOpened, case: Case, notice: CaseDocument | None) -> list[Problem]:
    problems = []
    if case.outstanding == 0:
        problems.append(Problem.of("/data", "nothing_outstanding"))
    if notice is None:
        problems.append(Problem.of("/data", "no_notice"))
    if data.addressee is None and case.facts.party.died_on is not None:
        problems.append(Problem.of("/data/addressee", "addressee_required"))
    return problems


def _measures_in_force(data: AuditOpened, at: datetime, standing: Standing) -> list[Problem]:
    """The party is asked once, and not for what he has promised under a signed agreement."""
    case, documents = standing.opened, standing.documents
    asked = _asked(data.addressee, case.facts)
    opinions = (d for d in documents if d.kind is DocumentKind.AUDIT_OPINION and not d.void)
    problems = [
        Problem.of("/data/addressee", "opinion_in_force", number=opinion.number)
        for opinion in opinions
        if asked == _asked(AUDIT_OPINION.basis_of(opinion).audit.addressee, case.facts)
    ]
    return problems + [
        Problem.of("/data", "agreement_running", number=agreement.number)
        for agreement in running(case, documents, Month.of(day_in_china(at)))
    ]


def _asked(addressee: Person | None, facts: OverpaymentConfirmed) -> tuple[str, str]:
    """By what the one who is asked is known again."""
    person = addressee or facts.party
    return person.id_type, person.id_number


def _too_early(
    facts: OverpaymentConfirmed, notice: CaseDocument | None, at: datetime
) -> list[Problem]:
    """An opinion follows a notice that was served, when what was promised did not come."""
    problems = []
    if notice is not None and not notice.services:
        problems.append(Problem.of("/data/early", "notice_not_served", number=notice.number))
    term = _promised_term(facts)
    if term is not None and Month.of(day_in_china(at)) <= term:
        problems.append(Problem.of("/data/early", "term_not_over", term=term))
    return problems


def _promised_term(facts: OverpaymentConfirmed) -> Month | None:
    """The last month of the way of repayment that was chosen; None where none was."""
    chosen = facts.repayment
    if chosen is None:
        return None
    return chosen.by if isinstance(chosen, LumpSum) else chosen.to
