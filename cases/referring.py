"""case.referred: the case goes to another authority (三（一）, 三（四）, 四（二）)."""

from cases.case import Case, CaseDocument
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds.audit_opinion import AUDIT_OPINION
from cases.kinds.kind import Inputs
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.kinds.referral_letter import REFERRAL_LETTER, ReferralBasis
from cases.selecting import numbers_of, require_new, select
from schemas.codes import Problem
from schemas.configuration import REFERRED_BY, Agency
from schemas.documents import Reference
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
    draft = REFERRAL_LETTER.draft(
        ReferralBasis(referred=data, recovered=case.recovered, moment=event.time),
        Inputs(
            facts=case.facts,
            agency=surroundings.agency,
            documents=standing.documents,
            numbers=numbers_of(standing.documents, RECOVERY_NOTICE, AUDIT_OPINION),
            encloses=encloses,
        ),
    )
    require_new(draft, standing.documents)
    return Decision(case=case, drafts=(draft,))


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
