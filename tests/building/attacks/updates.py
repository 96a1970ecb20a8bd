"""Updates appended to a letter: of any content, and annotations above all (EAA)."""

from collections.abc import Iterator
from functools import partial

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Change,
    bare_and_stamped,
    dictionary,
    drawing,
    name,
    page_of,
    updated,
    updates,
    variants,
)
from tests.building.letters import letter

_TOLD = ("bytes_unaccounted", "update_after_sealing", "pdf_malformed", "signatures_unaccounted")

_Writer = IncrementalPdfFileWriter


def _in_page(**entries: object) -> Change:
    return lambda writer: page_of(writer).update(dictionary(**entries))


def _in_root(**entries: object) -> Change:
    def change(writer: _Writer) -> None:
        writer.root.update(dictionary(**entries))
        writer.update_root()

    return change


def _content_added(writer: _Writer) -> None:
    page = page_of(writer)
    more = writer.add_object(generic.StreamObject(stream_data=WHITE))
    held = page["/Contents"]
    old = list(held) if isinstance(held, generic.ArrayObject) else [page.raw_get("/Contents")]
    page[name("/Contents")] = generic.ArrayObject([*old, more])


def _content_replaced(writer: _Writer) -> None:
    more = writer.add_object(generic.StreamObject(stream_data=WHITE))
    page_of(writer)[name("/Contents")] = more


def _content_overwritten(writer: _Writer) -> None:
    """The same object number, another stream."""
    stream = page_of(writer)["/Contents"][1].get_object()
    stream._data = WHITE
    stream._encoded_data = None
    writer.update_container(stream)


def _page_added(writer: _Writer) -> None:
    pages = writer.root["/Pages"]
    copy = generic.DictionaryObject(page_of(writer))
    pages["/Kids"].append(writer.add_object(copy))
    pages[name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def _page_removed(writer: _Writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].pop()
    pages[name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def _pages_reversed(writer: _Writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].reverse()
    writer.update_container(pages)


def _font_swapped(writer: _Writer) -> None:
    fonts = page_of(writer)["/Resources"]["/Font"]
    font = fonts[min(fonts)]
    font[name("/BaseFont")] = name("/Helvetica")
    writer.update_container(font)


def _script(writer: _Writer) -> None:
    action = dictionary(S="/JavaScript", JS="app.alert('changed')")
    _in_root(OpenAction=action)(writer)


def _attachment(writer: _Writer) -> None:
    content = writer.add_object(generic.StreamObject(stream_data=b"another letter"))
    file = dictionary(Type="/Filespec", F="letter.pdf", EF=dictionary(F=content))
    names = dictionary(EmbeddedFiles=dictionary(Names=["letter.pdf", writer.add_object(file)]))
    _in_root(Names=names)(writer)


def _title(writer: _Writer) -> None:
    information = writer.trailer["/Info"]
    information[name("/Title")] = generic.TextStringObject("another title")
    writer.update_container(information)


def _packet(old: bytes, new: bytes) -> Change:
    def change(writer: _Writer) -> None:
        packet = writer.root["/Metadata"]
        assert old in packet.data
        packet._data = packet.data.replace(old, new)
        packet._encoded_data = None
        writer.update_container(packet)

    return change


def _orphan(writer: _Writer) -> None:
    writer.add_object(generic.StreamObject(stream_data=WHITE))


def _same_page(writer: _Writer) -> None:
    page_of(writer, 1)


def _text_of_structure(writer: _Writer) -> None:
    tree = writer.root["/StructTreeRoot"]
    tree[name("/ActualText")] = generic.TextStringObject("another amount")
    writer.update_container(tree)


_CHANGES: dict[str, Change] = {
    "content added": _content_added,
    "content replaced": _content_replaced,
    "content overwritten": _content_overwritten,
    "a page added": _page_added,
    "a page removed": _page_removed,
    "pages in another order": _pages_reversed,
    "a page turned": _in_page(Rotate=180),
    "a page cropped": _in_page(CropBox=[0, 0, 595, 400]),
    "a page made larger": _in_page(MediaBox=[0, 0, 900, 1200]),
    "resources taken away": _in_page(Resources=dictionary()),
    "an action on a page": _in_page(AA=dictionary(O=dictionary(S="/JavaScript", JS="0"))),
    "a font swapped": _font_swapped,
    "another language": _in_root(Lang="en"),
    "a script": _script,
    "a file attached": _attachment,
    "layers": _in_root(OCProperties=dictionary(OCGs=[], D=dictionary())),
    "outlines": _in_root(Outlines=dictionary(Type="/Outlines", Count=0)),
    "preferences of the viewer": _in_root(ViewerPreferences=dictionary(HideToolbar=True)),
    "page labels": _in_root(PageLabels=dictionary(Nums=[0, dictionary(P="9")])),
    "another output intent": _in_root(OutputIntents=[]),
    "an extension that is a page": _in_root(Extensions=dictionary(X=[1, 2])),
    "text of the structure": _text_of_structure,
    "marks": _in_root(MarkInfo=dictionary(Marked=False)),
    "another title": _title,
    "another title in XMP": _packet(b"</dc:title>", b"</dc:title><dc:source>x</dc:source>"),
    "no PDF/A in XMP": _packet(b"pdfaid:part", b"pdfaix:part"),
    "an object that hangs nowhere": _orphan,
    "a page written again": _same_page,
}


def _note(subtype: str, **entries: object) -> Change:
    def change(writer: _Writer) -> None:
        note = dictionary(
            Type="/Annot",
            Subtype=f"/{subtype}",
            Rect=[0, 0, 595, 842],
            F=4,
            Contents="another amount",
            AP=dictionary(N=drawing(writer, WHITE)),
            **entries,
        )
        page = page_of(writer)
        notes = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
        page[name("/Annots")] = generic.ArrayObject([*notes, writer.add_object(note)])

    return change


_NOTES: dict[str, Change] = {
    "FreeText": _note("FreeText", DA="0 g"),
    "Stamp": _note("Stamp"),
    "Redact": _note("Redact"),
    "Square": _note("Square"),
    "Highlight": _note("Highlight", QuadPoints=[0, 0, 9, 0, 0, 9, 9, 9]),
    "Ink": _note("Ink", InkList=[[0, 0, 9, 9]]),
    "Link": _note("Link", A=dictionary(S="/URI", URI="http://localhost/")),
    "Text": _note("Text"),
    "Watermark": _note("Watermark"),
    "FileAttachment": _note("FileAttachment"),
    "Widget": _note("Widget", FT="/Tx", T="amount", V="0"),
    "PopUp": _note("Popup"),
}


def _with_stream(change: Change) -> bytes:
    return updated(letter(), change, table=False)


def attacks() -> Iterator[Attack]:
    yield from variants("appended update", bare_and_stamped(updates(_CHANGES)), *_TOLD)
    streams = (
        (
            f"{what}, cross-reference stream",
            partial(_with_stream, change),
        )
        for what, change in list(_CHANGES.items())[:3]
    )
    yield from variants("appended update", bare_and_stamped(streams), *_TOLD)
    yield from variants("evil annotation", bare_and_stamped(updates(_NOTES)), *_TOLD)
