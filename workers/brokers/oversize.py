"""A message larger than the intake takes: read to its end, and head, size and digest are kept.

Whoever may publish chooses how large a message is; what the intake holds of it must not depend on
that. Size and digest let its sender find it again.
"""

import hashlib
from collections.abc import Iterable

from workers.brokers import Oversize

#: bytes of the head; members of the envelope stand there, by which a rejection is told
HEAD_BYTES = 64 * 1024


class Condensing:
    """Takes the pieces of a message one after the other."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._size = 0
        self._digest = hashlib.sha256()

    def feed(self, piece: bytes) -> None:
        """``piece`` is the next one."""
        room = HEAD_BYTES - len(self._head)
        self._head += piece[:room]
        self._size += len(piece)
        self._digest.update(piece)

    def result(self) -> tuple[bytes, Oversize]:
        """The head, and what all of it was."""
        return bytes(self._head), Oversize(size=self._size, sha256=self._digest.hexdigest())


def condensed(pieces: Iterable[bytes]) -> tuple[bytes, Oversize]:
    """The head of all ``pieces`` together, and what they were."""
    condensing = Condensing()
    for piece in pieces:
        condensing.feed(piece)
    return condensing.result()
