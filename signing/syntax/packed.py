"""Objects in object streams (ISO 32000-2, 7.5.7)."""

import re

from signing.syntax.filters import decoded
from signing.syntax.lexicon import Lexicon, read_value
from signing.syntax.values import Malformed, Stream, Value

_ENTRIES = frozenset({"/Type", "/N", "/First", "/Length", "/Filter", "/DecodeParms"})
#: digits and white space; which of it is white space the lexicon says
_LIST = re.compile(rb"[0-9\s\0]*")
#: objects in one stream; writers put some hundred there
_MOST = 100_000


def read_packed(stream: Stream, lexicon: Lexicon) -> list[tuple[int, Value]]:
    """Number and value of each object in ``stream``, in order. Raises ``Malformed``."""
    entries = stream.entries
    count, first = entries.get("/N"), entries.get("/First")
    if not entries.keys() <= _ENTRIES or type(count) is not int or type(first) is not int:
        raise Malformed(0, "an object stream with entries of another form")
    content = decoded(stream)
    if not (0 < count <= _MOST and 0 < first <= len(content)):
        raise Malformed(0, "an object stream that is shorter than it says")
    head = _head(content[:first], lexicon)
    if len(head) != 2 * count:
        raise Malformed(0, "an object stream without its list")
    numbers = head[::2]
    require_once(numbers)
    starts = [first + offset for offset in head[1::2]]
    return list(zip(numbers, _values(content, starts, lexicon), strict=True))


def _head(text: bytes, lexicon: Lexicon) -> list[int]:
    """The numbers in ``text``, which holds nothing else, with white space as the lexicon has it."""
    if not _LIST.fullmatch(text):
        raise Malformed(0, "an object stream without its list")
    found, _ = read_value(b"[%s ]" % text, 0, lexicon)
    return [one for one in found if type(one) is int] if isinstance(found, list) else []


def require_once(numbers: list[int]) -> None:
    """Raise ``Malformed`` where a number stands twice: readers take one or the other."""
    if len(set(numbers)) != len(numbers):
        raise Malformed(0, "a number stands twice in an object stream")


def _values(content: bytes, starts: list[int], lexicon: Lexicon) -> list[Value]:
    """The values that begin at ``starts``, with nothing but white space between them."""
    # a value's end is known by what follows it: the last one's too
    content += b"\n"
    values: list[Value] = []
    for start, following in zip(starts, [*starts[1:], len(content)], strict=True):
        value, end = read_value(content, start, lexicon)
        if isinstance(value, Stream) or lexicon.after_gap(content, end) != following:
            raise Malformed(0, "an object stream with something between its objects")
        values.append(value)
    return values
