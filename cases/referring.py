"""case.referred: the case goes to another authority (三（一）, 三（四）, 四（二）)."""

from cases.case import Case, CaseDocument
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.drafts import referral_letter
from cases.overtaking import at_moment
from cases.selecting import demand_new, numbers_of, select
from cases.service_dates import dates_of
from schemas.codes import Problem
from schemas.configuration import REFERRED_BY, Agency
from schemas.documents import DocumentKind, Reference
from schemas.errors import Invalid
from schemas.events import CaseReferred, Event, ReferralTarget


def refer_case(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The referral letter is planned; it is made when all that it encloses is archived.

    Who refers follows from whom it is referred to. Raises Invalid: those of ``select`` for each
    attachment; ``issuer_not_configured``; ``nothing_outstanding`` (a court enforces a debt);
    ``already_recorded``.
    """
    data, case = data_of(event, CaseReferred), standing.opened
    problems = _problems(data, case, surroundings.agency)
    encloses = _attachments(data, standing.documents, problems)
    if problems:
        raise Invalid(problems)
    numbers = numbers_of(
        standing.documents, DocumentKind.RECOVERY_NOTICE, DocumentKind.AUDIT_OPINION
    )
    draft = referral_letter(
        case.facts,
        data,
        case.recovered,
        surroundings.agency,
        numbers=numbers,
        dates=dates_of(numbers, standing.documents),
        encloses=encloses,
    )
    demand_new(draft, "referred", standing.documents)
    return Decision(case=case, drafts=(at_moment(draft, event),))


def _problems(data: CaseReferred, case: Case, agency: Agency) -> list[Problem]:
    problems, issuer = [], REFERRED_BY[data.to]
    if not agency.writes_as(issuer):
        problems.append(Problem.of("/data/to", "issuer_not_configured", section=issuer.value))
    if data.to is ReferralTarget.COURT and case.outstanding == 0:
        problems.append(Problem.of("/data", "nothing_outstanding"))
    return problems


def _attachments(
    data: CaseReferred, documents: tuple[CaseDocument, ...], problems: list[Problem]
) -> tuple[Reference, ...]:
    """The documents that the letter encloses, each once; what is not there joins ``problems``."""
    found: dict[str, None] = {}
    for place, selector in enumerate(data.attachments):
        try:
            document = select(selector, documents, f"/data/attachments/{place}")
        except Invalid as error:
            problems.extend(error.problems)
        else:
            found[document.document_id] = None
    return tuple(found)
