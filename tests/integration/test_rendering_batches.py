"""Letters that went through LibreOffice together are the letters that they are alone."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.misc import eexec
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from structlog.testing import capture_logs

from rendering.composing import take_apart
from rendering.office import Office
from rendering.pdf import PdfFile, text_of
from rendering.pictures import pages_as_png
from rendering.preview import sample_document
from rendering.renderer import Renderer
from rendering.separation import demand_own
from schemas.documents import (
    NUMBERED,
    DocumentKind,
    PlannedDocument,
    PlannedForm,
    made_together_with,
)
from schemas.errors import ProductionFailed
from templates.catalogue import load
from tests.building.renderers import running_renderer

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

#: a glyph's name → its width and what it draws
Outlines = dict[str, tuple[int, list[Any]]]

#: characters that no template has, three of its own for each letter
RARE = "𠅤㛃䶮昉翀珺珅琭旻玥璟燊芃赟頔堃喆贇犇淼焱垚甦懿麒鑫"
NOTICE = DocumentKind.RECOVERY_NOTICE
SHORT = made_together_with(DocumentKind.STOP_PAYMENT_LETTER)
#: kinds that end with the date that the seal is set on: LibreOffice would set it elsewhere
DATE_LAST = {DocumentKind.AUDIT_OPINION, DocumentKind.ASSISTANCE_REPORT}


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("office"))


def letter(kind: DocumentKind, place: int, **values: str) -> PlannedDocument:
    planned = sample_document(kind)
    number = replace(planned.number, seq=100 + place)
    data = {**planned.data, **values, "number": str(number)}
    return replace(planned, document_id=f"d{place}", number=number, data=data)


def form(document_id: str, **values: object) -> PlannedForm:
    kind = DocumentKind.SERVICE_RECORD
    data = {**load(kind).sample, **values}
    return PlannedForm(document_id=document_id, kind=kind, data=data)


def own(place: int) -> str:
    return RARE[3 * place : 3 * place + 3]


def rare_letters(count: int) -> list[PlannedDocument]:
    return [
        letter(NOTICE, place, party_name=f"王{own(place)}", facts=f"核实{own(place)}一事。" * 9)
        for place in range(count)
    ]


@pytest.mark.parametrize("kind", sorted(NUMBERED - DATE_LAST))
def test_every_kind_looks_and_says_in_a_batch_what_it_does_alone(
    renderer: Renderer, kind: DocumentKind
) -> None:
    planned = [letter(kind, place) for place in range(3)]
    drawn, _ = renderer.render_together(planned)
    assert len(drawn) == 3
    for each in planned:
        alone, together = renderer.render(each), drawn[each.document_id]
        assert text_of(together.content) == text_of(alone.content)
        assert list(pages_as_png(together.content, dpi=72)) == list(
            pages_as_png(alone.content, dpi=72)
        )
        assert operators(together.content) == operators(alone.content)
        assert (together.pages, together.seal_at) == (alone.pages, alone.seal_at)


@pytest.mark.parametrize("kind", sorted(DATE_LAST))
def test_a_kind_whose_seal_would_move_goes_alone(renderer: Renderer, kind: DocumentKind) -> None:
    assert renderer.render_together([letter(kind, 0), letter(kind, 1)])[0] == {}


@pytest.mark.parametrize("demo", [True, False])
def test_letters_and_forms_of_several_kinds_are_together_what_they_are_alone(
    renderer: Renderer, *, demo: bool
) -> None:
    kinds = [*sorted(SHORT), NOTICE]
    planned = [letter(kind, place) for place, kind in enumerate(kinds)]
    planned = [replace(each, data={**each.data, "demo": demo}) for each in planned]
    forms = [form(each.document_id, number=str(each.number), demo=demo) for each in planned[:3]]

    conversions: list[int] = []
    convert = Office.convert

    def counted(self: Office, word: bytes, *, title: str, letters: int = 1) -> bytes:
        conversions.append(letters)
        return convert(self, word, title=title, letters=letters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Office, "convert", counted)
        drawn, blanks = renderer.render_together(planned, forms)
    assert conversions == [len(planned) + len(forms)]
    assert set(drawn) == {each.document_id for each in planned}
    for each in planned:
        alone, together = renderer.render(each), drawn[each.document_id]
        assert operators(together.content) == operators(alone.content)
        assert text_of(together.content) == text_of(alone.content)
        assert title_of(together.content) == title_of(alone.content)
        assert (together.pages, together.seal_at) == (alone.pages, alone.seal_at)
    assert set(blanks) == {each.document_id for each in forms}
    for each_form in forms:
        alone_form = renderer.render_form(each_form.kind, each_form.data)
        blank = blanks[each_form.document_id]
        assert operators(blank.content) == operators(alone_form.content)
        assert title_of(blank.content) == title_of(alone_form.content)
        assert blank.pages == alone_form.pages


def test_a_letter_and_its_form_go_together(renderer: Renderer) -> None:
    planned = letter(NOTICE, 0)
    drawn, blanks = renderer.render_together([planned], [form("d0", number=str(planned.number))])
    assert (set(drawn), set(blanks)) == ({"d0"}, {"d0"})


def test_kinds_with_other_styles_go_apart_and_are_made(renderer: Renderer) -> None:
    # the referral letter's signature stands elsewhere by a style of the same name
    referral = [letter(DocumentKind.REFERRAL_LETTER, place) for place in (0, 1)]
    notices = [letter(NOTICE, place) for place in (2, 3)]
    drawn, _ = renderer.render_together([referral[0], notices[0], referral[1], notices[1]])
    assert set(drawn) == {"d0", "d1", "d2", "d3"}
    for each in referral:
        assert operators(drawn[each.document_id].content) == operators(
            renderer.render(each).content
        )


def test_no_string_glyph_or_id_of_a_letter_is_in_another(renderer: Renderer) -> None:
    planned = rare_letters(8)
    drawn, _ = renderer.render_together(planned)
    assert len(drawn) == 8
    ids = set()
    for place, each in enumerate(planned):
        content = drawn[each.document_id].content
        insides = everything_in(content)
        mapped = {character for character in RARE if mapping(character) in insides}
        assert mapped == set(own(place))
        for other in planned:
            words = (str(other.number), other.data["party_name"])
            if other is not each:
                assert not any(form in insides for word in words for form in spellings(word))
        ids.add(insides_id(content))
    assert len(ids) == 8


def test_fonts_in_a_batch_hold_the_very_glyphs_that_they_hold_alone(renderer: Renderer) -> None:
    planned = rare_letters(4)
    drawn, _ = renderer.render_together(planned)
    for each in planned:
        assert programs(drawn[each.document_id].content) == programs(renderer.render(each).content)


def test_pages_of_many_characters_are_drawn_by_the_very_operators_that_draw_them_alone(
    renderer: Renderer,
) -> None:
    # more characters than one font holds: in a batch they are in other fonts than alone
    common = [
        bytes([0xB0 + row, 0xA1 + cell]).decode("gb2312") for row in range(9) for cell in range(94)
    ]
    planned = [
        letter(NOTICE, place, facts="".join(common[120 * place : 120 * place + 450]))
        for place in range(4)
    ]
    drawn, _ = renderer.render_together(planned)
    assert len(drawn) == 4
    for each in planned:
        alone = renderer.render(each).content
        assert operators(drawn[each.document_id].content) == operators(alone)


def test_a_letter_that_cannot_be_filled_is_left_out_of_its_batch(renderer: Renderer) -> None:
    planned = [letter(NOTICE, 0), letter(NOTICE, 1, facts="\ue000"), letter(NOTICE, 2)]
    assert set(renderer.render_together(planned)[0]) == {"d0", "d2"}


def test_letters_with_other_headers_do_not_go_together(renderer: Renderer) -> None:
    real = letter(NOTICE, 1)
    real = replace(real, data={**real.data, "demo": not real.data["demo"]})
    assert renderer.render_together([letter(NOTICE, 0), real])[0] == {}


def test_a_long_letter_goes_alone(renderer: Renderer) -> None:
    planned = [letter(NOTICE, 0), letter(NOTICE, 1), letter(NOTICE, 2, facts="核实。" * 3000)]
    assert set(renderer.render_together(planned)[0]) == {"d0", "d1"}


def test_a_batch_that_kills_libreoffice_leaves_its_letters_to_be_made_alone(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Office, word: bytes, **how: Any) -> Any:
        raise ProductionFailed("conversion_failed", final=False, reason="died")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(Office, "convert", fail)
        assert renderer.render_together(rare_letters(2))[0] == {}
    assert [line["log_level"] for line in logs] == ["warning"]


def test_the_guard_finds_another_letter_and_another_title(
    renderer: Renderer,
) -> None:
    first, second = rare_letters(2)
    content = renderer.render(first).content
    good = PdfFile(content=content)
    mine, other = (
        take_apart(renderer._filled(load(NOTICE), each.data)) for each in (first, second)
    )
    assert mine is not None
    assert other is not None
    own, another = str(first.number), str(second.number)
    demand_own(good, mine, title=own, number=own)
    for body, title, number in [(other, own, own), (mine, another, own), (mine, own, another)]:
        with pytest.raises(ProductionFailed):
            demand_own(good, body, title=title, number=number)


def test_the_guard_finds_a_glyph_that_the_letter_does_not_print(renderer: Renderer) -> None:
    first = rare_letters(1)[0]
    rendered = renderer.render(first)
    with pikepdf.open(io.BytesIO(rendered.content)) as pdf:
        font = next(iter(pdf.pages[0].Resources.Font.values()))
        data = font.ToUnicode.read_bytes()
        more = b"1 beginbfchar\n<00> <9F98>\nendbfchar\nendcmap"
        font.ToUnicode.write(data.replace(b"endcmap", more, 1))
        buffer = io.BytesIO()
        pdf.save(buffer)
    body = take_apart(renderer._filled(load(NOTICE), first.data))
    assert body is not None
    own = str(first.number)
    with pytest.raises(ProductionFailed, match="glyph"):
        demand_own(PdfFile(content=buffer.getvalue()), body, title=own, number=own)


def a_code_of_no_character(fonts: pikepdf.Object) -> None:
    font = fonts[next(iter(fonts.keys()))]
    told = font.ToUnicode.read_bytes()
    font.ToUnicode.write(re.sub(rb"<01>\s*<[0-9A-F]+>", b"", told, count=1))


def a_font_that_is_no_object(fonts: pikepdf.Object) -> None:
    name = next(iter(fonts.keys()))
    fonts[name] = pikepdf.Dictionary(dict(fonts[name].items()))


@pytest.mark.parametrize(
    ("change", "reason"),
    [(a_code_of_no_character, "ValueError"), (a_font_that_is_no_object, "no object")],
)
def test_the_guard_takes_no_font_that_it_cannot_read(
    renderer: Renderer, change: Callable[[pikepdf.Object], None], reason: str
) -> None:
    first = rare_letters(1)[0]
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(renderer.render(first).content)) as pdf:
        change(pdf.pages[0].Resources.Font)
        pdf.save(buffer)
    body = take_apart(renderer._filled(load(NOTICE), first.data))
    assert body is not None
    own = str(first.number)
    with pytest.raises(ProductionFailed, match=reason):
        demand_own(PdfFile(content=buffer.getvalue()), body, title=own, number=own)


def everything_in(content: bytes) -> bytes:
    """All objects of the file and all streams, unpacked."""
    pieces = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Object):
                pieces.append(each.unparse(resolved=False))
            if isinstance(each, pikepdf.Stream):
                pieces.append(each.read_bytes())
    return b"\n".join(pieces)


def title_of(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return str(pdf.docinfo.Title)


def operators(content: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [page.Contents.read_bytes() for page in pdf.pages]


def mapping(character: str) -> bytes:
    """A character as a ToUnicode map writes it."""
    return b"<" + character.encode("utf-16-be").hex().upper().encode() + b">"


def spellings(text: str) -> list[bytes]:
    """How strings of a file may write it, in hexadecimal and in plain bytes."""
    utf16 = text.encode("utf-16-be")
    return [text.encode(), utf16, utf16.hex().encode(), utf16.hex().upper().encode()]


def insides_id(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return bytes(pdf.trailer.ID[0])


def programs(content: bytes) -> dict[str, Outlines]:
    """The glyphs of each font's program: what each draws, and how wide it is."""
    found = {}
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary) or "/FontName" not in each:
                continue
            if "/FontFile" in each:
                program = each.FontFile
                read = type1_outlines(program.read_bytes(), int(program.Length1))
            elif "/FontFile2" in each:
                read = truetype_outlines(each.FontFile2.read_bytes())
            else:
                read = cff_outlines(each.FontFile3.read_bytes())
            found[str(each.FontName)] = read
    return found


def cff_outlines(program: bytes) -> Outlines:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    glyphs = fonts[fonts.fontNames[0]].CharStrings
    return {name: drawn(glyphs[name]) for name in glyphs.keys()}  # noqa: SIM118 -- no mapping


def type1_outlines(program: bytes, clear: int) -> Outlines:
    """By fontTools' own reading of both encryptions."""
    private, _ = eexec.decrypt(program[clear:], 55665)
    found = {}
    for entry in re.finditer(rb"/(\S+) (\d+) RD ", private):
        charstring = private[entry.end() : entry.end() + int(entry[2])]
        code, _ = eexec.decrypt(charstring, 4330)
        found[entry[1].decode()] = drawn(T1CharString(code[4:]))
    return found


def truetype_outlines(program: bytes) -> Outlines:
    """Names are numbers, which run on through a batch: what is drawn stands for a glyph."""
    font = TTFont(io.BytesIO(program))
    glyphs, found = font.getGlyphSet(), {}
    for name in font.getGlyphOrder()[1:]:
        width, outline = drawn(glyphs[name])
        if outline:
            found[repr(outline)] = (width, outline)
    return found


def drawn(charstring: Any) -> tuple[int, list[Any]]:
    pen = RecordingPen()
    charstring.draw(pen)
    return charstring.width, pen.value
