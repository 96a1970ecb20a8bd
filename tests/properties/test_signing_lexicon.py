"""What the strict grammar reads is what QPDF reads, however a value is spelled."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any, cast

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.syntax.lexicon import FREE, PLAIN, Lexicon, read_value
from signing.syntax.values import Malformed, Name, Reference, Value, same
from tests.building.grammar import Part, written

#: what references lead to, and the number of the object with the value
_OBJECTS = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [] /Count 0 >>",
    3: b"<< /Other true >>",
}
_OWN = 4
_LARGEST = 10**9 - 1
_REGULAR = "".join(chr(c) for c in range(33, 127) if chr(c) not in "()<>[]{}/%#")
_REALS = st.decimals(-(10**6), 10**6, places=4, allow_nan=False)
_NAMES = st.text(_REGULAR, min_size=1, max_size=12).map(lambda text: Name(f"/{text}"))
_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(-_LARGEST, _LARGEST),
    _REALS,
    st.binary(max_size=40),
    _NAMES,
    st.integers(1, 3).map(lambda number: Reference(number, 0)),
)


def _is_something(value: Value) -> bool:
    """An entry that is null is one that is not there (7.3.7)."""
    return value is not None


_VALUES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS | st.none(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(_NAMES, inner.filter(_is_something), max_size=5)
    ),
    max_leaves=20,
)
_SETTINGS = settings(max_examples=300, deadline=None)
Draw = Callable[[list[bytes]], bytes]


def _plain(value: Value, draw: Draw) -> bytes:
    """As archives spell."""
    space = draw([b" ", b"\n", b"\r\n", b"  "])
    if isinstance(value, Name):
        return value.encode("ascii")
    if isinstance(value, Reference):
        return b"%d%s0 R" % (value.number, space)
    if isinstance(value, bytes):
        return draw([_text(value, b"\\%03o"), b"<%s>" % value.hex().encode("ascii")])
    return _compound(value, draw, space, _plain)


def _free(value: Value, draw: Draw) -> bytes:
    """As other writers spell: remarks, escapes, odd and rare white space."""
    white = [b" ", b"\0", b"\t", b"\x0c", b"\r"]
    space = draw([*white, b"% a (remark\n"])
    if isinstance(value, Name):
        return draw([value.encode("ascii"), b"/#%02x" % ord(value[1]) + value[2:].encode("ascii")])
    if isinstance(value, Reference):
        # no writer puts a remark into one, and none is read
        return b"%d%s0%sR" % (value.number, draw(white), draw(white))
    if isinstance(value, bytes):
        digits = b" ".join(b"%02X" % byte for byte in value)
        return draw([_text(value, b"\\%03o\\\n"), b"<%s\t>" % digits, _nested(value)])
    if type(value) is int and value >= 0:
        return draw(
            [b"%d" % value, b"+%d" % value, b"0%d" % value if value < 10**8 else b"%d" % value]
        )
    return _compound(value, draw, space, _free)


def _compound(value: Value, draw: Draw, space: bytes, inner: Callable[..., bytes]) -> bytes:
    if isinstance(value, dict):
        pairs = [inner(Name(key), draw) + space + inner(one, draw) for key, one in value.items()]
        return b"<<" + space + space.join(pairs) + space + b">>"
    if isinstance(value, list):
        return b"[" + space.join(inner(one, draw) for one in value) + space + b"]"
    if isinstance(value, Decimal):
        return f"{value:f}".encode("ascii")
    if isinstance(value, int) and not isinstance(value, bool):
        return b"%d" % value
    return {None: b"null", True: b"true", False: b"false"}[cast("bool | None", value)]


def _text(value: bytes, escape: bytes) -> bytes:
    parts = [bytes([one]) if chr(one).isalnum() and one < 128 else escape % one for one in value]
    return b"(%s)" % b"".join(parts)


def _nested(value: bytes) -> bytes:
    """With balanced parentheses as they are, where ``value`` allows it."""
    if b"\\" in value or b"\r" in value or b"(" in value or b")" in value:
        return _text(value, b"\\%03o")
    return b"(%s)" % value


def _by_qpdf(text: bytes) -> Any:
    pdf = written(Part(objects=_OBJECTS | {_OWN: b"[%s\n]" % text}))
    with pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as opened:
        (found,) = map(_taken, opened.get_object((_OWN, 0)))
        assert not opened.get_warnings()
    return found


def _taken(item: Any) -> Any:
    """What QPDF read, as our values."""
    if isinstance(item, pikepdf.Object) and item.is_indirect:
        return Reference(*item.objgen)
    if isinstance(item, pikepdf.Name):
        return Name(str(item))
    if isinstance(item, pikepdf.String):
        return bytes(item)
    if isinstance(item, pikepdf.Array):
        return [_taken(one) for one in item]
    if isinstance(item, pikepdf.Dictionary):
        return {key: _taken(one) for key, one in item.items()}
    return item


@pytest.mark.parametrize(
    ("lexicon", "spell"),
    [(PLAIN, _plain), (FREE, _plain), (FREE, _free)],
    ids=["plain", "free, spelled plainly", "free"],
)
@_SETTINGS
@given(value=_VALUES, data=st.data())
def test_a_value_is_read_as_qpdf_reads_it(
    lexicon: Lexicon, spell: Callable[[Value, Draw], bytes], value: Value, data: st.DataObject
) -> None:
    text = spell(value, lambda ways: data.draw(st.sampled_from(ways)))
    read, end = read_value(text + b"\n", 0, lexicon)
    assert end == len(text)
    assert same(read, value)
    assert same(read, _by_qpdf(text))


@_SETTINGS
@given(text=st.text("<>[]()/%# \n\r\t0123456789.-+RAbtruefalsn\\", max_size=25))
def test_what_the_plain_grammar_takes_qpdf_takes_too_and_alike(text: str) -> None:
    spelled = text.encode("ascii")
    try:
        read, end = read_value(spelled + b"\n", 0, PLAIN)
    except Malformed:
        return
    assert same(_there(read), _by_qpdf(spelled[:end]))


def _there(value: Value) -> Value:
    """``value`` as QPDF gives it: null for what refers to nothing, and no entry that is null."""
    if isinstance(value, Reference) and value.number > _OWN:
        return None
    if isinstance(value, list):
        return [_there(one) for one in value]
    if isinstance(value, dict):
        found = {key: _there(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is not None}
    return value
