"""Shadow attacks (hide, replace, hide and replace): prepared before sealing, worked after it.

Each letter is sealed with the trick in it; until the trick is worked it is as genuine as can be.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from schemas.documents import RenderedPdf
from tests.building.attacks.attack import (
    Attack,
    Make,
    bare_and_stamped,
    dictionary,
    name,
    page_of,
    updated,
    variants,
)
from tests.building.letters import KIND, NUMBER, rendered_letters
from tests.building.levels import sealed_at_level
from tests.building.sealing import AT, sealer

_TOLD = ("bytes_unaccounted", "update_after_sealing", "pdf_malformed", "changed_after_sealing")
_COVER = b"q 1 g 60 300 480 300 re f 0 g BT /F1 20 Tf 100 500 Td (another amount) Tj ET Q"

_Prepare = Callable[[pikepdf.Pdf], None]


def _prepared(prepare: _Prepare) -> bytes:
    rendered = rendered_letters()[KIND]
    stream = BytesIO()
    with pikepdf.open(BytesIO(rendered.content)) as document:
        prepare(document)
        document.save(stream)
    return stream.getvalue()


@cache
def _sealed(prepare: _Prepare) -> bytes:
    """Sealed by our own sealer, which sees a letter with something more in it."""
    rendered = rendered_letters()[KIND]
    letter = RenderedPdf(content=_prepared(prepare), pages=rendered.pages, seal_at=rendered.seal_at)
    return sealer().seal(letter, document_number=NUMBER, at=AT).content


@cache
def _sealed_with_form(prepare: _Prepare) -> bytes:
    """Our own sealer takes no letter with form fields; somebody else's does."""
    return sealed_at_level(_prepared(prepare))


def _cover(document: pikepdf.Pdf) -> None:
    """A form that lies over the first page."""
    form = document.make_stream(_COVER)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, 595, 842])
    page = document.pages[0]
    page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Cover)
    page.contents_add(document.make_stream(b"/Cover Do"))


def _two_page_trees(document: pikepdf.Pdf) -> None:
    """A second tree of pages that nothing shows."""
    hidden = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array(), Count=1)
    )
    page = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            Parent=hidden,
            MediaBox=pikepdf.Array([0, 0, 595, 842]),
            Contents=document.make_stream(_COVER),
        )
    )
    hidden.Kids.append(page)
    document.Root.PieceInfo = pikepdf.Dictionary(Hidden=hidden)


def _missing_object(document: pikepdf.Pdf) -> None:
    """The page's content goes on in an object that is not there, and counts as null."""
    stream = document.make_stream(b" ")
    document.pages[0].contents_add(stream)
    document.Root.Marker = document.make_indirect(pikepdf.Dictionary(Gap=9_876))


def _text_field(document: pikepdf.Pdf) -> None:
    """A field whose appearance covers what its value says."""
    look = document.make_stream(_COVER)
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = pikepdf.Array([0, 0, 480, 300])
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="amount",
            V="1000",
            F=4,
            Rect=pikepdf.Array([60, 300, 540, 600]),
            AP=pikepdf.Dictionary(N=look),
        )
    )
    document.pages[0].Annots = pikepdf.Array([field])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


def _nothing_more(document: pikepdf.Pdf) -> None:
    del document


_Writer = IncrementalPdfFileWriter


def _cover_emptied(writer: _Writer) -> None:
    form = page_of(writer)["/Resources"]["/XObject"]["/Cover"]
    form._data, form._encoded_data = b" ", None
    writer.update_container(form)


def _cover_is_another(writer: _Writer) -> None:
    forms = page_of(writer)["/Resources"]["/XObject"]
    forms[name("/Cover")] = writer.add_object(
        generic.StreamObject(
            dictionary(Type="/XObject", Subtype="/Form", BBox=(0, 0, 1, 1)), stream_data=b" "
        )
    )
    writer.update_container(forms)


def _cover_forgotten(writer: _Writer) -> None:
    del page_of(writer)["/Resources"]["/XObject"]["/Cover"]


def _other_tree(writer: _Writer) -> None:
    writer.root[name("/Pages")] = writer.root["/PieceInfo"].raw_get("/Hidden")
    writer.update_root()


def _other_kids(writer: _Writer) -> None:
    pages = writer.root["/Pages"]
    pages[name("/Kids")] = writer.root["/PieceInfo"]["/Hidden"]["/Kids"]
    pages[name("/Count")] = generic.NumberObject(1)
    writer.update_container(pages)


def _field(writer: _Writer) -> Any:
    field = writer.root["/AcroForm"]["/Fields"][0]
    writer.update_container(field)
    return field


def _field_moved(writer: _Writer) -> None:
    _field(writer)[name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 0, 0)))


def _field_without_look(writer: _Writer) -> None:
    del _field(writer)["/AP"]


def _field_filled(writer: _Writer) -> None:
    _field(writer)[name("/V")] = generic.TextStringObject("9000")


def _field_hidden(writer: _Writer) -> None:
    _field(writer)[name("/F")] = generic.NumberObject(2)


def _font_overwritten(writer: _Writer) -> None:
    """The glyphs of a font exchanged: the same codes show other characters."""
    fonts = page_of(writer)["/Resources"]["/Font"]
    font = fonts[min(fonts)]
    below = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
    descriptor = below["/FontDescriptor"]
    descriptor[name("/FontFile2")] = writer.add_object(generic.StreamObject(stream_data=b"\0" * 9))
    writer.update_container(descriptor)


def _map_overwritten(writer: _Writer) -> None:
    fonts = page_of(writer)["/Resources"]["/Font"]
    font = fonts[min(fonts)]
    stream = font["/ToUnicode"]
    stream._data, stream._encoded_data = b"/CMapName /X def", None
    writer.update_container(stream)


def _by_table(kind: bytes) -> Callable[[bytes], bytes]:
    """A table alone: it sends the page's content to the cover's, or frees the page's content."""

    def work(pdf: bytes) -> bytes:
        root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
        previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
        cover = pdf.rindex(b" 0 obj", 0, len(pdf) // 2) - 2
        where = (cover, 0) if kind == b"n" else (0, 1)
        entry = b"%010d %05d %s \n" % (*where, kind)
        table = b"xref\n4 1\n%strailer\n<< /Size 9999 /Root %s /Prev %s >>\n"
        end = b"startxref\n%d\n%%%%EOF\n" % len(pdf)
        return pdf + table % (entry, root, previous) + end

    return work


def _worked(sealed: Callable[[], bytes], work: Callable[[_Writer], None]) -> Make:
    return lambda: updated(sealed(), work)


def _hide() -> Iterator[tuple[str, Make]]:
    for what, work in (
        ("the cover emptied", _cover_emptied),
        ("the cover exchanged", _cover_is_another),
        ("the cover forgotten", _cover_forgotten),
    ):
        yield what, _worked(lambda: _sealed(_cover), work)
    for what, work in (("the field moved away", _field_moved), ("the field hidden", _field_hidden)):
        yield what, _worked(lambda: _sealed_with_form(_text_field), work)


def _replace() -> Iterator[tuple[str, Make]]:
    for what, work in (
        ("the field's look taken away", _field_without_look),
        ("the field filled anew", _field_filled),
    ):
        yield what, _worked(lambda: _sealed_with_form(_text_field), work)
    for what, work in (
        ("a font's glyphs", _font_overwritten),
        ("a font's characters", _map_overwritten),
    ):
        yield what, _worked(lambda: _sealed(_nothing_more), work)


def _hide_and_replace() -> Iterator[tuple[str, Make]]:
    for what, work in (("the root points to it", _other_tree), ("its pages taken", _other_kids)):
        yield what, _worked(lambda: _sealed(_two_page_trees), work)
    yield "a table points to it", lambda: _by_table(b"n")(_sealed(_two_page_trees))
    yield "a table frees what was shown", lambda: _by_table(b"f")(_sealed(_two_page_trees))


def prepared() -> list[tuple[str, bytes]]:
    """The letters as they were sealed, before the tricks are worked."""
    ours = {"cover": _cover, "two trees": _two_page_trees, "a gap": _missing_object}
    found = [(what, _sealed(prepare)) for what, prepare in ours.items()]
    return [*found, ("a field", _sealed_with_form(_text_field))]


def attacks() -> Iterator[Attack]:
    yield from variants("shadow attack: hide", bare_and_stamped(_hide()), *_TOLD)
    yield from variants("shadow attack: replace", bare_and_stamped(_replace()), *_TOLD)
    together = bare_and_stamped(_hide_and_replace())
    yield from variants("shadow attack: hide and replace", together, *_TOLD)
