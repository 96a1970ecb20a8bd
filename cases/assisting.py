"""assistance.verified: the agency reports to the HR department (三（三）)."""

from cases.case import Case
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.drafts import assistance_report
from cases.money import written
from cases.overtaking import at_moment
from cases.selecting import demand_new, numbers_of
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import AssistanceVerified, Event


def report_assistance(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The report is planned; what the government grants comes as a repayment.

    Raises Invalid: ``nothing_outstanding``, ``owes_less``, ``issuer_not_configured`` (there is no
    HR department to report to), ``already_recorded``.
    """
    data, case = data_of(event, AssistanceVerified), standing.opened
    problems = _problems(data, case, surroundings.agency)
    if problems:
        raise Invalid(problems)
    numbers = numbers_of(
        standing.documents, DocumentKind.RECOVERY_NOTICE, DocumentKind.AUDIT_OPINION
    )
    draft = assistance_report(case.facts, data, case.recovered, numbers, surroundings.agency)
    demand_new(draft, "verified", standing.documents)
    return Decision(case=case, drafts=(at_moment(draft, event),))


def _problems(data: AssistanceVerified, case: Case, agency: Agency) -> list[Problem]:
    problems = []
    if agency.hr_department is None:
        problems.append(Problem.of("/data", "issuer_not_configured", section="hr_department"))
    if case.outstanding == 0:
        problems.append(Problem.of("/data", "nothing_outstanding"))
    elif data.amount > case.outstanding:
        amounts = {"amount": written(data.amount), "outstanding": written(case.outstanding)}
        problems.append(Problem.of("/data/amount", "owes_less", **amounts))
    return problems
