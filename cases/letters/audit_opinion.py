"""社会保险稽核意见书 (湘人社规〔2022〕30号, annex 2)."""

from decimal import Decimal

from cases.amounts import in_words
from cases.letters.addresses import one_line
from cases.letters.parts import BLANK, Data, benefits, remedies
from cases.letters.signature import signed
from cases.money import written
from schemas.configuration import Agency
from schemas.events import AuditOpened, OverpaymentConfirmed

#: what annex 2 prints behind the agency's own part of its name
_SIGNATURE_END = "社会保险（就业）服务中心（盖章）"


def audit_opinion(
    facts: OverpaymentConfirmed, audit: AuditOpened, outstanding: Decimal, agency: Agency
) -> Data:
    """What annex 2 prints over ``outstanding`` yuan; without an addressee it goes to the party."""
    addressee = audit.addressee or facts.party
    party = facts.party.name
    return {
        "demo": agency.demo,
        "addressee_name": addressee.name,
        # Declared addition to annex 2: whose benefits they were, where it is not the addressee.
        "of_party": f"{party}的" if _is_another(facts, audit) else "",
        "benefits": benefits(facts),
        "amount": written(outstanding),
        "amount_words": in_words(outstanding),
        "deadline_year": str(audit.deadline.year),
        "deadline_month": str(audit.deadline.month),
        "deadline_day": str(audit.deadline.day),
        # Declared addition to annex 2, which an agency may leave out.
        "remedies": remedies(agency, "意见书") if agency.remedies_in_opinion else "",
        "audit_name": agency.audit_name,
        **signed(agency.audit_name + _SIGNATURE_END),
        "audit_bank": agency.account.audit_bank,
        "audit_branch": agency.account.audit_branch,
        "account_number": agency.account.number,
        "addressee_phone": addressee.phone or BLANK,
        "addressee_address": one_line(addressee.address) or BLANK,
    }


def _is_another(facts: OverpaymentConfirmed, audit: AuditOpened) -> bool:
    """Whether the addressee is somebody else: two people may bear one name."""
    other = audit.addressee
    return other is not None and (
        (other.id_type, other.id_number) != (facts.party.id_type, facts.party.id_number)
    )
