"""Valid events of one made-up case, with what a test changes about them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.events import EVENT_TYPES, Event, OverpaymentConfirmed

EXAMPLES = Path(__file__).parent.parent / "examples" / "in"
SOURCE = "/hunan/430111/benefits"
CARD = "6228481123456789014"
BANK_CODE = "103551000017"
PASSBOOK = "605510012200345678"
PASSBOOK_BANK_CODE = "403551000015"
START = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)

Json = dict[str, Any]


def example(name: str) -> Json:
    """The example whose file name starts with ``name``, as JSON."""
    (path,) = EXAMPLES.glob(f"{name}*.json")
    loaded: Json = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def event_of(envelope: Json) -> Event:
    """The event that the JSON ``envelope`` writes, which must be valid."""
    name = envelope["type"].removeprefix("hanyin.").removesuffix(".v1")
    return Event(
        id=envelope["id"],
        source=envelope["source"],
        type=name,
        time=datetime.fromisoformat(envelope["time"]),
        subject=envelope["subject"],
        data=EVENT_TYPES[name].model_validate(envelope["data"]),
    )


def from_example(name: str, **changes: Any) -> Event:
    """The example's event; ``changes`` replace members of its data."""
    envelope = example(name)
    envelope["data"] |= changes
    return event_of(envelope)


def benefit(amount: str = "1000.00", **changes: Any) -> Json:
    """A lost benefit that is still paid to the card."""
    plain: Json = example("01")["data"]["overpayments"][0]
    return plain | {"amount": amount, "paid_to": CARD} | changes


def card(account_number: str = CARD, bank_code: str = BANK_CODE) -> Json:
    """A benefit card."""
    plain: Json = example("01")["data"]["benefit_cards"][0]
    return plain | {"account_number": account_number, "bank_code": bank_code}


@dataclass
class Story:
    """Makes the events of one case, each a minute after the one before."""

    case_no: str = "430111-2026-000017"
    made: list[Event] = field(default_factory=list)

    def event(self, type_: str, data: Json, **envelope: Any) -> Event:
        """The next event; ``envelope`` sets id, source or time."""
        place = len(self.made) + 1
        made = Event(
            id=envelope.get("id", f"{self.case_no}-{place:03}"),
            source=envelope.get("source", SOURCE),
            type=type_,
            time=envelope.get("time", START + timedelta(minutes=place)),
            subject=self.case_no,
            data=EVENT_TYPES[type_].model_validate(
                {"case_no": self.case_no, "agency": "430111"} | data
            ),
        )
        self.made.append(made)
        return made

    def confirmed(self, *benefits: Json, **changes: Any) -> Event:
        """overpayment.confirmed: by default 1000.00 to the card, both cards known, alive."""
        plain = example("01")["data"]
        plain["party"] |= {"died_on": None}
        facts = {
            "overpayments": list(benefits) or [benefit()],
            "benefit_cards": [card(), card(PASSBOOK, PASSBOOK_BANK_CODE)],
            "repayment": None,
            "case_no": self.case_no,
        }
        return self.event("overpayment.confirmed", plain | facts | changes)

    def repaid(self, amount: str = "1000.00", **changes: Any) -> Event:
        """repayment.recorded, by default all of it, qualification not said."""
        data = example("05")["data"] | {"case_no": self.case_no, "amount": amount}
        data |= {"receipt_no": f"R-{len(self.made) + 1}", "still_qualified": None}
        return self.event("repayment.recorded", data | _data(changes), **_envelope(changes))

    def reversed(self, receipt_no: str, **changes: Any) -> Event:
        """repayment.reversed of ``receipt_no``."""
        data = example("43")["data"] | {"case_no": self.case_no, "receipt_no": receipt_no}
        return self.event("repayment.reversed", data | _data(changes), **_envelope(changes))

    def receipted(self, document: Json, *, executed: bool = True, **changes: Any) -> Event:
        """letter.receipted of the card's bank for ``document``."""
        data = example("03")["data"] | {"case_no": self.case_no, "document": document}
        if not executed:
            data |= {"result": "refused", "executed_at": None, "reason": "账户已销户"}
        return self.event("letter.receipted", data | _data(changes), **_envelope(changes))

    def served(self, document: Json, **changes: Any) -> Event:
        """document.served of ``document``."""
        data = example("02")["data"] | {"case_no": self.case_no, "document": document}
        return self.event("document.served", data | _data(changes), **_envelope(changes))

    def audited(self, **changes: Any) -> Event:
        """audit.opened, to the party himself; approved before the notice was served."""
        data = example("04")["data"] | {"case_no": self.case_no, "addressee": None}
        data |= {"early": {"reason": "拟出境", "approved_by": {"name": "王强", "post": "主任"}}}
        return self.event("audit.opened", data | _data(changes), **_envelope(changes))

    def agreed(self, total: str = "1000.00", **changes: Any) -> Event:
        """agreement.reached with the party himself: 500.00 a month for two months."""
        data = example("31")["data"] | {"case_no": self.case_no, "total": total}
        data |= {"debtor": {"name": "刘德厚", "relation": "本人"}, "per_month": "500.00"}
        data |= {"from": "2026-09", "to": "2026-10"}
        return self.event("agreement.reached", data | _data(changes), **_envelope(changes))

    def signed(self, document: Json, **changes: Any) -> Event:
        """agreement.signed of ``document``, on the day of the event."""
        data = example("32")["data"] | {"case_no": self.case_no, "document": document}
        data |= {"signed_on": START.date().isoformat()}
        return self.event("agreement.signed", data | _data(changes), **_envelope(changes))

    def deposited(self, receipt_no: str, deposited_on: str, **changes: Any) -> Event:
        """repayment.deposited of ``receipt_no``."""
        data = {"receipt_no": receipt_no, "deposited_on": deposited_on}
        return self.event("repayment.deposited", data, **_envelope(changes))

    def resumed(self, **changes: Any) -> Event:
        """resumption.approved: the card is let go, no deduction."""
        data = example("52")["data"] | {"case_no": self.case_no, "paid_to": CARD}
        data |= {"with_deduction": False, "release_card": True}
        return self.event("resumption.approved", data | _data(changes), **_envelope(changes))

    def assisted(self, amount: str = "1000.00", **changes: Any) -> Event:
        """assistance.verified over ``amount`` yuan."""
        data = example("61")["data"] | {"case_no": self.case_no, "amount": amount}
        return self.event("assistance.verified", data | _data(changes), **_envelope(changes))

    def referred(self, to: str = "labour_inspection", **changes: Any) -> Event:
        """case.referred, with the notice enclosed."""
        data = example("51")["data"] | {"case_no": self.case_no, "to": to}
        return self.event("case.referred", data | _data(changes), **_envelope(changes))

    def corrected(self, changes: Json, **others: Any) -> Event:
        """case.corrected: ``changes`` replace members of the case's facts."""
        data = example("42")["data"] | {"case_no": self.case_no, "changes": changes}
        return self.event("case.corrected", data | _data(others), **_envelope(others))

    def voided(self, document: Json, *, replace: bool = False, **changes: Any) -> Event:
        """document.void of ``document``."""
        data = example("41")["data"] | {"case_no": self.case_no, "document": document}
        data |= {"replace": replace}
        return self.event("document.void", data | _data(changes), **_envelope(changes))


_ENVELOPE = {"id", "source", "time"}


def _envelope(changes: Json) -> Json:
    return {name: value for name, value in changes.items() if name in _ENVELOPE}


def _data(changes: Json) -> Json:
    return {name: value for name, value in changes.items() if name not in _ENVELOPE}


def facts_of(event: Event) -> OverpaymentConfirmed:
    """The facts that an overpayment.confirmed brings."""
    assert isinstance(event.data, OverpaymentConfirmed)
    return event.data
