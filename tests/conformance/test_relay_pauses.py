"""How long a message waits that the broker did not take: no longer for the broker's absence."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.tables import outbox
from schemas.errors import Unavailable
from tests.building.office import Office
from tests.building.post import Post
from workers.brokers import OutgoingMessage, PublishOutcome


class Moody:
    """A broker that is away for some tries, and refuses what comes for some more."""

    def __init__(self, *, away: int, refusals: int) -> None:
        self.away, self.refusals = away, refusals

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        if self.away:
            self.away -= 1
            raise Unavailable("消息代理没有响应", "the broker is away")
        if self.refusals:
            self.refusals -= 1
            return [PublishOutcome.REFUSED] * len(messages)
        return [PublishOutcome.CONFIRMED] * len(messages)

    def close(self) -> None:
        pass


def pauses(office: Office) -> set[timedelta]:
    with office.database.reading() as connection:
        rows = connection.execute(select(outbox.c.next_attempt_at)).scalars()
        return {at - office.clock() for at in rows if at is not None and at > office.clock()}


def test_tries_at_a_broker_that_is_away_make_no_pause_longer(
    ledger_url: str, tmp_path: Path
) -> None:
    office = Office(ledger_url)
    post = Post(office, tmp_path / "archive", outlet=Moody(away=12, refusals=2))
    for _ in range(12):
        with pytest.raises(Unavailable):
            post.relay.step()
    post.relay.step()
    first = timedelta(seconds=office.settings.retry_seconds)
    assert pauses(office) == {first}
    # what was refused twice waits twice as long
    office.clock.move(first)
    post.relay.step()
    assert max(pauses(office)) == 2 * first
    office.close()
