"""audit.opened: not repaid after the notice, an audit with a deadline (三（一）)."""

from cases.case import Case, CaseDocument
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.drafts import audit_opinion
from cases.overtaking import at_moment
from cases.selecting import latest
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import AuditOpened, Event


def open_audit(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """An audit opinion over what is outstanding now is planned; made after its notice.

    Raises Invalid: ``nothing_outstanding``, ``no_notice``, ``addressee_required``, all that hold.
    """
    data, case = data_of(event, AuditOpened), standing.opened
    notice = latest(DocumentKind.RECOVERY_NOTICE, standing.documents)
    problems = _problems(data, case, notice)
    if notice is None or problems:
        raise Invalid(problems)
    draft = audit_opinion(case.facts, data, case.recovered, notice.document_id, surroundings.agency)
    return Decision(case=case, drafts=(at_moment(draft, event),))


def _problems(data: AuditOpened, case: Case, notice: CaseDocument | None) -> list[Problem]:
    problems = []
    if case.outstanding == 0:
        problems.append(Problem.of("/data", "nothing_outstanding"))
    if notice is None:
        problems.append(Problem.of("/data", "no_notice"))
    if data.addressee is None and case.facts.party.died_on is not None:
        problems.append(Problem.of("/data/addressee", "addressee_required"))
    return problems
