"""A broker that takes everything."""

from collections.abc import Sequence

from workers.brokers import OutgoingMessage, PublishOutcome


class GoodOutlet:
    """What was published is kept in ``sent``."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMessage] = []

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        self.sent += messages
        return [PublishOutcome.CONFIRMED] * len(messages)

    def close(self) -> None:
        pass
