"""What refers a case: a letter to an authority, an application to a court, a proposal to list.

湘人社规〔2022〕30号, 三（一）, 三（四）, 四（二）; for the court 行政强制法 (2011), 53 to 55.
"""

from decimal import Decimal

from cases.letters.addresses import one_line
from cases.letters.parts import BLANK, Data, balance, benefits, identity, imprint, periods
from schemas.configuration import Agency
from schemas.documents import Issuer
from schemas.events import OverpaymentConfirmed, ReferralTarget
from schemas.steps import CaseReferred

#: what a referral to the police rests on beside its own basis
_CRIMES = "《行政执法机关移送涉嫌犯罪案件的规定》"
_CRIMES_WHOLE = f"{_CRIMES}（国务院令第310号，第730号修订）"
#: what stands above a letter to the other authorities, and how much of it a line holds
_TITLE, _SUSPECTED, _LINE = "关于移送{}涉嫌{}一案的函", "涉嫌", 20


def referral_letter(
    facts: OverpaymentConfirmed,
    referred: CaseReferred,
    recovered: Decimal,
    agency: Agency,
    issuer: Issuer,
) -> Data:
    """What the receiver reads in the name of ``issuer`` after ``recovered`` yuan came back.

    The caller adds ``notice_number`` and ``opinion_number``, "" where there is none, and the
    ``dates`` of both; production fills ``attachments`` when what is listed there is archived and
    its digest known.
    """
    return {
        **imprint(agency, issuer),
        **identity(facts.party),
        "receiver_name": referred.to_name,
        "to_court": referred.to is ReferralTarget.COURT,
        "to_blacklist": referred.to is ReferralTarget.BLACKLIST_AUTHORITY,
        "title_lines": [{"text": text} for text in _title(facts.party.name, referred.suspected)],
        "suspected": referred.suspected,
        "basis": _basis(referred.to, agency),
        "party_address": one_line(facts.party.address) or BLANK,
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


def _title(name: str, suspected: str) -> list[str]:
    """The title in lines of about one length, broken behind the name where that leaves two."""
    whole = _TITLE.format(name, suspected)
    first = whole.index(_SUSPECTED)
    if len(whole) > _LINE and max(first, len(whole) - first) <= _LINE:
        return [whole[:first], whole[first:]]
    count = -(-len(whole) // _LINE)
    length = -(-len(whole) // count)
    return [whole[at : at + length] for at in range(0, len(whole), length)]


def _basis(to: ReferralTarget, agency: Agency) -> str:
    basis = agency.referral_basis(to)
    if to is not ReferralTarget.POLICE:
        return basis
    return basis if _CRIMES in basis else f"{basis}和{_CRIMES_WHOLE}"
