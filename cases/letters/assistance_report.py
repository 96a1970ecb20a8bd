"""关于…多领社会保险待遇救助帮扶情况的报告 (湘人社规〔2022〕30号, 三（三）)."""

from decimal import Decimal

from cases.dates import chinese_date
from cases.letters.parts import BLANK, Data, balance, benefits, identity, imprint, in_both, periods
from schemas.configuration import Agency
from schemas.events import OverpaymentConfirmed
from schemas.steps import AssistanceVerified

#: the addressee where the installation does not know its name
_SUPERIOR = "本级人力资源和社会保障行政部门"

#: what the report concludes (三（三）)
_CONCLUSION = "无偿还能力"


def assistance_report(
    facts: OverpaymentConfirmed, verified: AssistanceVerified, recovered: Decimal, agency: Agency
) -> Data:
    """The report to the HR department after ``recovered`` yuan came back.

    The caller adds ``notice_number`` and ``opinion_number``, "" where there is none.
    """
    foot = imprint(agency)
    # it names the agency at its foot alone, in lines
    del foot["agency_name"]
    return {
        **foot,
        **identity(facts.party),
        "signatory": agency.signatory or BLANK,
        "addressee_name": agency.hr_department.name if agency.hr_department else _SUPERIOR,
        "personal_no": facts.party.personal_no,
        "party_category": facts.party.category,
        "party_benefit_status": facts.party.benefit_status,
        "facts": facts.facts,
        "benefits": benefits(facts),
        "overpayments": periods(facts),
        **balance(facts, recovered),
        "applicant_name": verified.applicant.name,
        "applicant_relation": verified.applicant.relation,
        **_proofs(verified),
        "findings": verified.findings,
        # what the findings say already is not said twice
        "concluded": _CONCLUSION in verified.findings,
        **in_both("amount", verified.amount),
        "proposed_funding": verified.proposed_funding,
    }


def _proofs(verified: AssistanceVerified) -> Data:
    return {
        "proofs": [
            {
                "no": str(place),
                "issuer": proof.issuer,
                "title": proof.title,
                "number": proof.number,
                "date": chinese_date(proof.date),
            }
            for place, proof in enumerate(verified.proofs, start=1)
        ],
        "proof_count": str(len(verified.proofs)),
    }
