"""assistance.verified: the agency reports to the HR department (三（三）)."""

from cases.case import Case
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds.assistance_report import ASSISTANCE_REPORT, AssistanceBasis
from cases.kinds.audit_opinion import AUDIT_OPINION
from cases.kinds.kind import Inputs
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.money import written
from cases.selecting import numbers_of, require_new
from schemas.codes import Problem
from schemas.configuration import Agency
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
    numbers = numbers_of(standing.documents, RECOVERY_NOTICE, AUDIT_OPINION)
    draft = ASSISTANCE_REPORT.draft(
        AssistanceBasis(verified=data, recovered=case.recovered, moment=event.time),
        Inputs(facts=case.facts, agency=surroundings.agency, numbers=numbers),
    )
    require_new(draft, standing.documents)
    return Decision(case=case, drafts=(draft,))


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
