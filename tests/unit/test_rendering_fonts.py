"""Fonts that are read from LibreOffice's files and written anew; fontTools is the second reader."""

import io
import struct
from fractions import Fraction
from typing import Any

import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.misc import eexec
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.recordingPen import DecomposingRecordingPen, RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline
from hypothesis import given
from hypothesis import strategies as st

from rendering.cff import Glyph, write_cff
from rendering.truetype import cut_truetype
from rendering.type1 import NotReadable, as_type2, read_type1
from rendering.type2 import number

_HEAD = (
    b"%!FontType1-1.0: Sample\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n"
    b"/FontBBox {-10 -20 1000 900} readonly def\n/Encoding 256 array\n"
    b"dup 1 /cid7 put\ndup 2 /cid9 put\nreadonly def\ncurrentfile eexec\n"
)
#: hsbw, hstem, moves, lines, a curve, closepath, endchar (Adobe Type 1 Font Format, 6.4)
SAMPLE: list[Any] = [
    *(0, 600, "hsbw", 0, 20, "hstem", 100, 30, "vstem", 50, 700, "rmoveto"),
    *(-300, "hlineto", 10, 20, 30, 40, -50, 60, "rrcurveto", 5, 6, 7, 8, "vhcurveto"),
    *(1, 2, 3, 4, "hvcurveto", -1131, "vlineto", 9, -9, "rlineto", "closepath", "endchar"),
]
_BLANK: list[Any] = [0, 250, "hsbw", "endchar"]


def charstring(program: list[Any]) -> bytes:
    made = T1CharString(program=program)
    made.compile()
    return bytes(made.bytecode)


def encrypted(content: bytes, key: int) -> bytes:
    return bytes(eexec.encrypt(bytes(4) + content, key)[0])


def embedded(glyphs: dict[str, list[Any]]) -> tuple[bytes, int]:
    entries = b""
    for name, program in glyphs.items():
        code = encrypted(charstring(program), 4330)
        entries += b"/%s %d RD %s ND\n" % (name.encode(), len(code), code)
    private = (
        b"dup /Private 8 dict dup begin\n/BlueValues [-22 0 445 461 ]def\n/StdHW [62 ]def\n"
        b"/CharStrings %d dict dup begin\n%send\nend\n" % (len(glyphs), entries)
    )
    return _HEAD + encrypted(private, 55665), len(_HEAD)


def drawn_type1(program: list[Any]) -> tuple[int, list[Any]]:
    made = T1CharString(program=list(program))
    pen = RecordingPen()
    made.draw(pen)
    return made.width, pen.value


def read_back(program: bytes) -> Any:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    return fonts[fonts.fontNames[0]]


def drawn_cff(font: Any, name: str) -> tuple[int, list[Any]]:
    pen = RecordingPen()
    made = font.CharStrings[name]
    made.draw(pen)
    return made.width, pen.value


def written(glyphs: dict[str, list[Any]], codes: dict[int, str]) -> Any:
    content, clear = embedded(glyphs)
    font = read_type1(content, clear)
    return read_back(
        write_cff(
            "AAAAAA+Sample",
            [
                Glyph(code=code, name=name, charstring=as_type2(font.glyphs[name]))
                for code, name in codes.items()
            ],
            missing=as_type2(font.glyphs[".notdef"]),
            box=font.box,
            hints=font.hints,
        )
    )


def test_a_type_1_font_is_read_whole() -> None:
    content, clear = embedded({".notdef": _BLANK, "cid7": SAMPLE, "cid9": _BLANK})
    font = read_type1(content, clear)
    assert font.encoding == {1: "cid7", 2: "cid9"}
    assert font.box == (-10, -20, 1000, 900)
    assert font.hints == {"BlueValues": (-22, 0, 445, 461), "StdHW": (62,)}
    assert set(font.glyphs) == {".notdef", "cid7", "cid9"}


def test_a_glyph_is_drawn_as_it_was_and_no_other_is_in_the_font() -> None:
    font = written({".notdef": _BLANK, "cid7": SAMPLE, "cid9": _BLANK}, {5: "cid7"})
    assert set(font.CharStrings.keys()) == {".notdef", "cid7"}
    assert drawn_cff(font, "cid7") == drawn_type1(SAMPLE)
    assert drawn_cff(font, ".notdef") == drawn_type1(_BLANK)
    assert [place for place, name in enumerate(font.Encoding) if name == "cid7"] == [5]
    assert (font.FontBBox, font.Private.BlueValues) == ([-10, -20, 1000, 900], [-22, 0, 445, 461])
    assert font.Private.StdHW == 62


#: steps that begin a contour and end it
_PLACES = st.integers(-1200, 1200)
_STEPS = st.one_of(
    st.tuples(_PLACES, st.just("hlineto")),
    st.tuples(_PLACES, st.just("vlineto")),
    st.tuples(_PLACES, _PLACES, st.just("rlineto")),
    st.tuples(*[_PLACES] * 6, st.just("rrcurveto")),
    st.tuples(*[_PLACES] * 4, st.just("hvcurveto")),
    st.tuples(*[_PLACES] * 4, st.just("vhcurveto")),
)


@given(st.integers(0, 2000), st.lists(st.lists(_STEPS, min_size=1, max_size=6), max_size=4))
def test_any_outline_is_drawn_as_it_was(width: int, contours: list[list[tuple[Any, ...]]]) -> None:
    program: list[Any] = [0, width, "hsbw"]
    for steps in contours:
        program += [10, -20, "rmoveto", *(each for step in steps for each in step), "closepath"]
    program.append("endchar")
    font = written({".notdef": _BLANK, "cid7": program}, {1: "cid7"})
    assert drawn_cff(font, "cid7") == drawn_type1(program)


def test_a_fraction_is_drawn_to_a_hundredth() -> None:
    program = [0, 500, "hsbw", 1, 3, "div", 7, "rmoveto", 10, "hlineto", "closepath", "endchar"]
    _, drawn = drawn_cff(written({".notdef": _BLANK, "cid7": program}, {1: "cid7"}), "cid7")
    assert drawn[0][1][0] == pytest.approx((1 / 3, 7), abs=0.01)


@pytest.mark.parametrize(
    "program",
    [
        [0, 500, "hsbw", 4, "callsubr", "endchar"],
        [0, 500, "hsbw", 1, 2, "rmoveto"],
        [7, 500, "hsbw", "endchar"],
        [0, 500, "hsbw", 1, 2, 3, 4, 5, "seac", "endchar"],
    ],
    ids=["subroutine", "no end", "side bearing", "accent"],
)
def test_what_libreoffice_does_not_write_is_refused(program: list[Any]) -> None:
    with pytest.raises(NotReadable):
        as_type2(encrypted(charstring(program), 4330))


@pytest.mark.parametrize("content", [b"", b"%!PS", _HEAD, _HEAD.replace(b"0.001", b"0.002")])
def test_what_is_no_such_font_is_refused(content: bytes) -> None:
    with pytest.raises(NotReadable):
        read_type1(content, len(content))


@pytest.mark.parametrize(
    "value", [-32767, -1132, -1131, -108, -107, 0, 107, 108, 1131, 1132, 32767]
)
def test_numbers_are_read_as_they_were_written(value: int) -> None:
    assert moved_by(number(value)) == value


def test_a_fractions_number_is_rounded_and_none_is_out_of_range() -> None:
    assert moved_by(number(Fraction(-1, 3))) == pytest.approx(-1 / 3, abs=1 / 65536)
    with pytest.raises(ValueError, match="40000"):
        number(40000)


def moved_by(operand: bytes) -> float:
    content = number(0) + operand + b"\x16" + number(5) + b"\x06\x0e"
    font = read_back(write_cff("A", [], missing=content, box=(0, 0, 1, 1), hints={}))
    _, drawn = drawn_cff(font, ".notdef")
    return float(drawn[0][1][0][0])


def truetype() -> bytes:
    """Glyphs: none, a square, a triangle, both of them put together."""
    names = [".notdef", "square", "triangle", "both", "other"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    glyphs = {
        ".notdef": Outline(),
        "square": contour([(0, 0), (0, 500), (500, 500), (500, 0)]),
        "triangle": contour([(10, 10), (300, 600), (600, 10)]),
        "other": contour([(1, 1), (2, 900), (900, 2)]),
    }
    pen = TTGlyphPen(glyphs)
    pen.addComponent("square", (1, 0, 0, 1, 30, 40))
    pen.addComponent("triangle", (0.5, 0, 0, 0.5, 300, 400))
    glyphs["both"] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (600 + place, 0) for place, name in enumerate(names)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def contour(points: list[tuple[int, int]]) -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def outline(font: TTFont, name: str) -> list[Any]:
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return list(pen.value)


def test_a_truetype_font_keeps_what_is_drawn_and_its_parts_alone() -> None:
    before = TTFont(io.BytesIO(truetype()))
    after = TTFont(io.BytesIO(cut_truetype(truetype(), {3})))
    for name in ("square", "triangle", "both"):
        assert outline(after, name) == outline(before, name) != []
    assert outline(before, "other") != []
    assert outline(after, "other") == []
    assert after["hmtx"].metrics == before["hmtx"].metrics


def test_a_truetype_fonts_sums_are_right() -> None:
    content = cut_truetype(truetype(), {1})
    font = TTFont(io.BytesIO(content), checkChecksums=2)
    assert {*font.reader.tables} == {*TTFont(io.BytesIO(truetype())).reader.tables}
    for tag in font.reader.tables:
        font.reader[tag]
    words = struct.unpack(f">{len(content) // 4}L", content)
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA
