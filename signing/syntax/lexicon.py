"""Tokens (ISO 32000-2, 7.2 and 7.3), and values read from them.

White space is what 7.2.3 lists; the vertical tab is none. A dictionary ends with ``>>`` and has
each key once. Numbers that readers cut off at 32 bits, signs in odd positions and names with raw
bytes outside the printable ones are refused.
"""

import re
from binascii import unhexlify
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from signing.syntax.values import Hexadecimal, Malformed, Name, Reference, TooLarge, Value

#: values in values, and tokens of one object
_DEEPEST, _MOST = 60, 200_000
#: bytes of a name that is kept for the next time
_SHORT = 64
#: bytes of white space and delimiters, as a class of a regular expression
_SPACE, _DELIMITERS = rb"\x00\t\n\x0c\r ", rb"()<>\[\]{}/%"
_ENDS = rb"(?=[" + _SPACE + _DELIMITERS + rb"])"
#: regular characters but # (7.3.5): printable ASCII without delimiters
_REGULAR = rb"[!\"$&'*-.0-;=?-Z\\^-z|~]"
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))|\r\n|\r", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORDS: dict[bytes, Value] = {b"true": True, b"false": False, b"null": None}
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_TOKENS = rb"""(?:
  (?P<numbers>\[(?:[%(space)s]*+-?%(digits)s(?=[%(space)s\]]))*+[%(space)s]*+\])
 |(?P<reference>(?P<number>[1-9]\d{0,6})[%(space)s]++(?P<generation>%(generation)s)[%(space)s]++R%(ends)s)
 |(?P<integer>%(sign)s%(digits)s%(ends)s)
 |(?P<name>/%(name)s++%(ends)s)
 |(?P<dictionary><<)
 |(?P<close>>>)
 |(?P<real>%(sign)s(?:\d{1,12}\.\d{0,20}|\.\d{1,20})%(ends)s)
 |(?P<array>\[)
 |(?P<end>\])
 |(?P<text>%(text)s)
 |(?P<hexadecimal><%(hexadecimal)s>)
 |(?P<word>true|false|null)%(ends)s
 |(?P<nested>%(nested)s)
)"""


@dataclass(frozen=True)
class Lexicon:
    """One way to spell; made by ``_lexicon``."""

    #: a token with the white space before it
    token: re.Pattern[bytes]
    #: what may stand between objects
    gap: re.Pattern[bytes]
    #: True where only what archives add is spelled so: see ``PLAIN``
    plain: bool

    def after_gap(self, data: bytes, offset: int) -> int:
        """The offset behind the white space at ``offset``."""
        found = self.gap.match(data, offset)
        return found.end() if found else offset


def _lexicon(*, plain: bool, space: bytes, **ways: bytes) -> Lexicon:
    skipped = rb"[%s]" % space if plain else rb"(?:[%s]|%%[^\r\n]*+[\r\n])" % space
    ways |= {"space": space, "ends": _ENDS}
    pattern = _TOKENS % {name.encode("ascii"): way for name, way in ways.items()}
    return Lexicon(
        token=re.compile(skipped + rb"*+" + pattern, re.VERBOSE | re.DOTALL),
        gap=re.compile(skipped + rb"*+"),
        plain=plain,
    )


#: as any writer of whole files may spell
FREE = _lexicon(
    plain=False,
    space=_SPACE,
    name=rb"(?:" + _REGULAR + rb"|\#[0-9A-Fa-f]{2})",
    text=rb"\((?:[^()\\]|\\.)*+\)",
    generation=rb"(?:0|[1-9]\d{0,4})",
    sign=rb"[+-]?",
    digits=rb"\d{1,9}",
    hexadecimal=rb"[0-9A-Fa-f" + _SPACE + rb"]*+",
    nested=rb"\(",
)
#: as updates of sealed letters are spelled: no comments, no escapes that one reader may pass over,
#: no white space but spaces and line ends
PLAIN = _lexicon(
    plain=True,
    space=rb"\n\r ",
    name=_REGULAR,
    text=rb"\((?:[^()\\\r\n]|\\[nrtbf()\\]|\\[0-3][0-7]{2})*+\)",
    generation=rb"0",
    sign=rb"-?",
    digits=rb"(?:0|[1-9]\d{0,8})",
    hexadecimal=rb"(?:[0-9A-Fa-f]{2})*+",
    nested=rb"(?!)",
)


def read_value(data: bytes, offset: int, lexicon: Lexicon) -> tuple[Value, int]:
    """The value that begins at ``offset``, and the offset behind it.

    Raises ``Malformed`` or ``TooLarge``.
    """
    holders: list[tuple[bool, list[Value]]] = []
    for _ in range(_MOST):
        found = lexicon.token.match(data, offset)
        if found is None:
            raise Malformed(offset, "no value")
        offset = found.end()
        kind = found.lastgroup or ""
        value: Value
        if (read := _READ.get(kind)) is not None:
            value = read(found)
        elif kind in {"dictionary", "array"}:
            if len(holders) == _DEEPEST:
                raise TooLarge
            holders.append((kind == "dictionary", []))
            continue
        elif kind in {"close", "end"}:
            value = _closed(holders, offset, dictionary=kind == "close")
        else:
            value, offset = _nested(data, offset)
        if not holders:
            return value, offset
        holders[-1][1].append(value)
    raise TooLarge


def _name(found: re.Match[bytes]) -> Name:
    token = found["name"]
    if b"#" not in token and len(token) <= _SHORT:
        return _known_name(token)
    token = re.sub(rb"#(..)", lambda escape: unhexlify(escape[1]), token)
    if b"\0" in token:
        raise Malformed(found.start("name"), "a name with a null character")
    return Name(token.decode("latin-1"))


@lru_cache(maxsize=4096)
def _known_name(token: bytes) -> Name:
    """The name of bytes that are met again and again."""
    return Name(token.decode("latin-1"))


def _numbers(found: re.Match[bytes]) -> list[Value]:
    # bytes.split() does not know the null character as white space
    return list(map(int, found["numbers"][1:-1].replace(b"\0", b" ").split()))


def _hexadecimal(found: re.Match[bytes]) -> Hexadecimal:
    digits = found["hexadecimal"][1:-1].translate(None, b"\0\t\n\x0c\r ")
    # what lacks its last digit ends with 0 (7.3.4.3)
    value = Hexadecimal(unhexlify(digits + b"0" * (len(digits) % 2)))
    value.start, value.end = found.span("hexadecimal")
    return value


def _closed(holders: list[tuple[bool, list[Value]]], offset: int, *, dictionary: bool) -> Value:
    """The dictionary or array that ends at ``offset``."""
    if not holders or holders[-1][0] is not dictionary:
        raise Malformed(offset, "an end without its beginning")
    items = holders.pop()[1]
    return _dictionary(items, offset) if dictionary else items


def _dictionary(items: list[Value], offset: int) -> dict[str, Value]:
    keys = [key for key in items[::2] if isinstance(key, Name)]
    if len(items) % 2 or len(keys) != len(items) // 2:
        raise Malformed(offset, "a dictionary's keys and values do not pair")
    entries: dict[str, Value] = dict(zip(keys, items[1::2], strict=True))
    require_keys_once(keys, entries, offset)
    return entries


def require_keys_once(keys: list[Name], entries: dict[str, Value], offset: int) -> None:
    """Raise ``Malformed`` where a key stands twice: one reader takes the first, one the last."""
    if len(keys) != len(entries):
        raise Malformed(offset, "a key stands twice in a dictionary")


def _nested(data: bytes, offset: int) -> tuple[bytes, int]:
    """The string with balanced parentheses in it, whose first one stands before ``offset``."""
    depth = 1
    for found in _PARENTHESIS.finditer(data, offset):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return _unescaped(data[offset : found.start()]), found.end()
    raise Malformed(offset, "a string without an end")


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text and b"\r" not in text:
        return text
    return _ESCAPE.sub(_character, text)


def _character(found: re.Match[bytes]) -> bytes:
    octal, line_end, other = found.groups()
    if octal is not None:
        return bytes([int(octal, 8) & 0xFF])
    if line_end is not None:
        return b""
    if other is not None:
        return _LETTERS.get(other, other)
    # an end of line in a string is one line feed, however it is written (7.3.4.2)
    return b"\n"


#: how a token's value is read, by its kind
_READ: Mapping[str, Callable[[re.Match[bytes]], Value]] = {
    "name": _name,
    "reference": lambda found: Reference(int(found["number"]), int(found["generation"])),
    "integer": lambda found: int(found["integer"]),
    "numbers": _numbers,
    "real": lambda found: Decimal(found["real"].decode("ascii")),
    "text": lambda found: _unescaped(found["text"][1:-1]),
    "word": lambda found: _WORDS[found["word"]],
    "hexadecimal": _hexadecimal,
}
