"""Events of a case that wait together end in one state, whatever order they came in.

Those of one moment go as they arrived: they are told in their order here, and shuffled as one.
"""

import random
from datetime import datetime

import hypothesis.strategies as st
from hypothesis import given, settings

from cases.decision import Standing
from schemas.errors import Invalid
from schemas.events import Event
from tests.building.events import CARD, START, Story, benefit
from tests.building.paper import Paper

STOP_OF_CARD = {"kind": "stop_payment_letter", "account_number": CARD}


def story(steps: list[tuple[str, int]]) -> list[Event]:
    """A case and what is told of it, several at the same instant."""
    teller = Story()
    for step, minute in steps:
        _tell(teller, step, minute)
    return teller.made


def _tell(teller: Story, step: str, minute: int) -> None:
    time = START.replace(hour=2, minute=minute)
    if step == "repaid":
        teller.repaid("500.00", time=time, still_qualified=minute % 2 == 0)
    elif step == "reversed":
        teller.reversed(f"R-{max(len(teller.made) - minute, 1)}", time=time)
    elif step == "corrected":
        amount = ["600.00", "1000.00", "1500.00", "2000.00"][minute]
        teller.corrected({"overpayments": [benefit(amount)]}, time=time)
    elif step == "voided":
        kind = ["recovery_notice", "stop_payment_letter"][minute % 2]
        teller.voided({"kind": kind}, replace=minute > 1, time=time)
    elif step in {"audited", "agreed", "resumed", "assisted", "referred"}:
        getattr(teller, step)(time=time)
    else:
        teller.receipted(STOP_OF_CARD, executed=step == "executed", time=time)


def end(came: list[Event], opening: Event) -> tuple[Standing, list[str]]:
    """How the case ends, and which events it did not allow."""
    paper, rejected = Paper(), []
    paper.apply(opening)
    # a sort that leaves what is equal in its order, as arrival does
    for event in sorted(came, key=lambda event: event.time):
        try:
            paper.apply(event)
        except Invalid:
            rejected.append(event.id)
    return paper.standing, rejected


_steps = st.sampled_from(
    [
        *("repaid", "repaid", "reversed", "audited", "executed", "refused"),
        *("corrected", "voided", "agreed", "resumed", "assisted", "referred"),
    ]
)


@settings(deadline=None)
@given(
    steps=st.lists(st.tuples(_steps, st.integers(0, 3)), max_size=8),
    shuffle=st.randoms(use_true_random=False),
)
def test_the_order_in_which_waiting_events_came_makes_no_difference(
    steps: list[tuple[str, int]], shuffle: random.Random
) -> None:
    opening = Story(case_no="430111-2026-000017").confirmed()
    events = story(steps)
    moments: dict[datetime, list[Event]] = {}
    for event in events:
        moments.setdefault(event.time, []).append(event)
    shuffled = list(moments.values())
    shuffle.shuffle(shuffled)
    came = [event for moment in shuffled for event in moment]
    assert end(came, opening) == end(events, opening)
