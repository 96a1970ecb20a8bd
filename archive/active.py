"""Active content of a PDF: what acts, asks or carries something along; no scan of paper has any.

ISO 32000-1: actions (12.6), annotations and forms (12.5, 12.7), multimedia (13), attached files
(7.11.4), data outside the file (7.3.8.2).
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

#: keys whose presence in any dictionary is enough
_KEYS = frozenset(
    f"/{name}"
    for name in (
        *("AA", "JS", "JavaScript", "AcroForm", "XFA", "EF", "EmbeddedFiles", "Collection", "URI"),
        *("RichMediaContent", "RichMediaSettings", "SetOCGState", "NeedsRendering", "AF"),
    )
)
#: keys of a stream whose content is elsewhere (7.3.8.2, 8.10.4)
_ELSEWHERE = frozenset({"/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI"})
#: types of action but for the one within the file, GoTo
_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        *("GoToR", "GoToE", "GoToDp", "Launch", "Thread", "URI", "Sound", "Movie", "Hide", "Named"),
        *("SubmitForm", "ResetForm", "ImportData", "JavaScript", "SetOCGState", "Rendition"),
        *("GoTo3DView", "RichMediaExecute"),
    )
)
#: types of annotation but for links
_ANNOTATIONS = frozenset(
    f"/{name}"
    for name in (
        *("Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight"),
        *("Underline", "Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "FileAttachment"),
        *("Sound", "Movie", "Widget", "Screen", "PrinterMark", "TrapNet", "Watermark", "3D"),
        *("Redact", "RichMedia", "Projection"),
    )
)
_TYPES = frozenset({"/EmbeddedFile", "/Filespec", "/F"})
#: how the same stands in the bytes: what an older revision or a broken table keeps from the parser;
#: long names alone, which no packed picture holds by chance
_IN_BYTES = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|AcroForm|RichMedia|SubmitForm|ImportData|Rendition)\b"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def active_content(content: bytes, pdf: pikepdf.Pdf) -> str | None:
    """The name of something active in ``pdf``, which ``content`` is; None where all rests."""
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if found := _IN_BYTES.search(plain):
        return found[0].decode("ascii")
    if "/Encrypt" in pdf.trailer:
        return "/Encrypt"
    for value in _dictionaries(pdf):
        if name := _active(value):
            return name
    return next(filter(None, map(_of_page, pdf.pages)), None)


def _of_page(page: pikepdf.Page) -> str | None:
    marks = page.obj.get("/Annots")
    if isinstance(marks, pikepdf.Array):
        for mark in marks:
            if not isinstance(mark, pikepdf.Dictionary) or mark.get("/Subtype") != "/Link":
                return "/Annots"
    return None


def _active(value: Any) -> str | None:
    keys = frozenset(value.keys())
    if isinstance(value, pikepdf.Stream) and keys & _ELSEWHERE:
        return str(min(keys & _ELSEWHERE))
    if keys & _KEYS:
        return str(min(keys & _KEYS))
    for key, names in (("/S", _ACTIONS), ("/Subtype", _ANNOTATIONS), ("/Type", _TYPES)):
        name = value.get(key)
        if isinstance(name, pikepdf.Name) and str(name) in names:
            return str(name)
    opening = value.get("/OpenAction")
    # a destination is an array: which page is seen first (12.3.2.2)
    return None if opening is None or isinstance(opening, pikepdf.Array) else "/OpenAction"


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, those that nothing refers to among them."""
    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    while waiting:
        value = waiting.pop()
        if isinstance(value, pikepdf.Array):
            children = list(value)
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            yield value
            children = [child for _, child in value.items()]
        else:
            continue
        waiting += [child for child in children if _is_inside(child)]


def _is_inside(value: Any) -> bool:
    """A direct object; what is referred to is on the list of objects itself."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect
