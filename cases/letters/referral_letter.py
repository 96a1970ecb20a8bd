"""关于移送…一案的函 (湘人社规〔2022〕30号, 三（一）, 三（四）, 四（二）)."""

from decimal import Decimal

from cases.letters.parts import Data, balance, benefits, identity, imprint, periods
from schemas.configuration import Agency
from schemas.documents import Issuer
from schemas.events import OverpaymentConfirmed
from schemas.steps import CaseReferred


def referral_letter(
    facts: OverpaymentConfirmed,
    referred: CaseReferred,
    recovered: Decimal,
    agency: Agency,
    issuer: Issuer,
) -> Data:
    """案件移送函 in the name of ``issuer`` after ``recovered`` yuan came back.

    The caller adds ``notice_number`` and ``opinion_number``, "" where there is none; production
    fills ``attachments`` when what is listed there is archived and its digest known.
    """
    return {
        **imprint(agency, issuer),
        **identity(facts.party),
        "receiver_name": referred.to_name,
        "suspected": referred.suspected,
        "basis": agency.referral_basis(referred.to),
        "personal_no": facts.party.personal_no,
        "facts": facts.facts,
        "benefits": benefits(facts),
        "overpayments": periods(facts),
        **balance(facts, recovered),
        "grounds": referred.grounds,
        # Notice and opinion are the agency's, whoever refers the case.
        "served_by": "我单位" if agency.body_of(issuer) is None else agency.name,
        "attachments": [],
    }
