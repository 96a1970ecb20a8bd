"""停发待遇告知书（函） to those around the party, and 恢复待遇发放通知 to himself."""

from decimal import Decimal

from cases.dates import chinese_date
from cases.letters.parts import Data, benefits, imprint, lost_benefits
from cases.masking import masked_id
from cases.money import written
from schemas.configuration import Agency
from schemas.events import Notified, NotifiedKind, OverpaymentConfirmed


def suspension_notice(facts: OverpaymentConfirmed, notified: Notified, agency: Agency) -> Data:
    """What ``notified`` reads: no amount, no group, no crime, the party's number masked.

    ``facts.stop_from`` must be there (the contract asks for it where a notice is due).
    """
    if facts.stop_from is None:
        raise ValueError("a suspension notice needs stop_from")
    party = facts.party
    return {
        **imprint(agency),
        "to_relative": notified.kind is NotifiedKind.RELATIVE,
        "recipient_name": notified.name,
        "party_name": party.name,
        "party_id_masked": masked_id(party.id_type, party.id_number),
        "benefits": lost_benefits(facts),
        "stop_from": chinese_date(facts.stop_from),
    }


def resumption_notice(facts: OverpaymentConfirmed, recovered: Decimal, agency: Agency) -> Data:
    """What the party reads at clearing: ``recovered`` yuan came back, what was stopped goes on."""
    every, stopped = benefits(facts), lost_benefits(facts)
    return {
        **imprint(agency),
        "party_name": facts.party.name,
        "benefits": every,
        "amount": written(recovered),
        # Where only some of the benefits were stopped, only those are resumed.
        "resumed": stopped if stopped and stopped != every else "该项待遇",
    }
