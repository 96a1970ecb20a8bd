"""Lengths of streams that stand in other objects (ISO 32000-2, 7.3.8.2)."""

from collections.abc import Callable, Mapping

from signing.syntax.bodies import Body, read_body
from signing.syntax.lexicon import Lexicon
from signing.syntax.packed import read_packed
from signing.syntax.tables import Packed, Place
from signing.syntax.values import Reference, Stream, Value


class Lengths:
    """What /Length refers to, in one revision: an object of its own, or one in an object stream.

    LibreOffice writes the former, PDFBox the latter.
    """

    def __init__(
        self,
        pdf: bytes,
        used: Mapping[int, Place | Packed],
        lexicon: Lexicon,
        earlier: Callable[[int], Value],
    ) -> None:
        self._pdf = pdf
        self._used = used
        self._lexicon = lexicon
        self._earlier = earlier
        self._streams: dict[int, list[tuple[int, Value]]] = {}

    def __call__(self, reference: Reference) -> Value:
        """The value that ``reference`` leads to; None where there is none. Raises ``Malformed``."""
        place = self._used.get(reference.number)
        if place is None:
            return self._earlier(reference.number)
        if isinstance(place, Place):
            return self._value_at(place, reference.number)
        if place.stream not in self._streams:
            self._streams[place.stream] = self._unpacked(place.stream)
        held = self._streams[place.stream]
        number, value = held[place.ordinal] if place.ordinal < len(held) else (0, None)
        return value if number == reference.number else None

    def _value_at(self, place: Place, number: int) -> Value:
        body: Body = read_body(self._pdf, place.offset, self._lexicon, lambda _: None)
        return body.value if body.number == number else None

    def _unpacked(self, number: int) -> list[tuple[int, Value]]:
        """The objects in the object stream of this revision, whose own length stands with it."""
        place = self._used.get(number)
        stream = self._value_at(place, number) if isinstance(place, Place) else None
        return read_packed(stream, self._lexicon) if isinstance(stream, Stream) else []
