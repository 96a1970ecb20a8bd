"""Which message of which call a confirm, a return or a refusal of RabbitMQ is about."""

from collections.abc import Sequence
from concurrent.futures import Future

from workers.brokers import OutgoingMessage, PublishOutcome


class Batch:
    """Messages that were handed over in one call; ``done`` has their outcomes in order."""

    def __init__(self, messages: Sequence[OutgoingMessage]) -> None:
        self.messages = messages
        self.done: Future[list[PublishOutcome]] = Future()
        self._outcomes: dict[int, PublishOutcome] = {}

    def note(self, index: int, outcome: PublishOutcome) -> None:
        """The outcome of message ``index`` is known; the last one completes ``done``."""
        self._outcomes[index] = outcome
        if len(self._outcomes) == len(self.messages) and not self.done.done():
            self.done.set_result([self._outcomes[at] for at in range(len(self.messages))])


class Confirms:
    """Delivery tags of one channel in confirm mode, numbered from 1 as RabbitMQ does."""

    def __init__(self) -> None:
        self._sequence = 0
        #: in the order of publishing
        self._pending: dict[int, tuple[Batch, int]] = {}
        self._returned: set[int] = set()

    def expect(self, batch: Batch, index: int) -> int:
        """The tag that the next message published will have."""
        self._sequence += 1
        self._pending[self._sequence] = (batch, index)
        return self._sequence

    def returned(self, tag: int) -> None:
        """No queue took the message: RabbitMQ says so before it confirms it."""
        self._returned.add(tag)

    def settled(self, last: int, *, multiple: bool, refused: bool) -> None:
        """RabbitMQ confirmed or refused ``last``, and with ``multiple`` all before it."""
        for tag in self._settled_tags(last, multiple=multiple):
            batch, index = self._pending.pop(tag)
            batch.note(index, self._outcome(tag, refused=refused))

    def _settled_tags(self, last: int, *, multiple: bool) -> list[int]:
        if not multiple:
            return [last] if last in self._pending else []
        return [tag for tag in self._pending if tag <= last]

    def _outcome(self, tag: int, *, refused: bool) -> PublishOutcome:
        if tag in self._returned:
            self._returned.discard(tag)
            return PublishOutcome.RETURNED
        return PublishOutcome.REFUSED if refused else PublishOutcome.CONFIRMED
