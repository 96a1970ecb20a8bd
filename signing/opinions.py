"""A second opinion: QPDF and pdfium read the whole file and its sealed revision alike.

Our own grammar is one reader more, and a fault in it would be a way in. So two readers that have
nothing in common with it compare what they see: QPDF the objects, pdfium the pages.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from signing.verdict import Refused, Undecided

#: entries of the catalogue and of a page that time stamps and validation data change
_CATALOGUE, _PAGE = {"/DSS", "/AcroForm", "/Extensions", "/Metadata"}, {"/Annots"}
_FORM = {"/Fields", "/SigFlags"}
#: the one warning that is about no fault (ISO 32000-2, 7.5.8.1): so PDFBox writes its updates
_NO_FAULT = (
    ": xref entry for the xref stream itself is missing"
    " - a common error handled correctly by qpdf and most other applications"
)
#: pixels a point: names and amounts can be told apart
_SCALE = 0.6
#: pages and objects of a letter, at most
_MOST_PAGES, _MOST_OBJECTS = 200, 200_000


def require_same_to_readers(sealed: bytes, whole: bytes) -> None:
    """Raise ``Refused`` (shown_otherwise) where either reader sees more than the sealed letter.

    ``whole`` begins with ``sealed``; ``Undecided`` for more pages than are looked at.
    """
    try:
        _compare_objects(sealed, whole)
        _compare_pages(sealed, whole)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, LookupError):
        raise Refused("shown_otherwise") from None


# -- QPDF: objects ----------------------------------------------------------------------------


def _compare_objects(sealed: bytes, whole: bytes) -> None:
    with _opened(sealed) as old, _opened(whole) as new:
        changing = set(_changing(old))
        size = int(old.trailer.Size)
        _require(size <= _MOST_OBJECTS)
        for number in range(1, size):
            if number not in changing:
                place = (number, 0)
                _require(_plain(old.get_object(place)) == _plain(new.get_object(place)))
        _require(_but(old.Root, _CATALOGUE) == _but(new.Root, _CATALOGUE))
        _require(_but(old.Root.AcroForm, _FORM) == _but(new.Root.AcroForm, _FORM))
        _compare_fields(list(old.Root.AcroForm.Fields), list(new.Root.AcroForm.Fields))
        _require(len(old.pages) == len(new.pages))
        for one, other in zip(old.pages, new.pages, strict=True):
            _require(one.obj.objgen == other.obj.objgen)
            _require(_but(one.obj, _PAGE) == _but(other.obj, _PAGE))
            _compare_fields(list(one.obj.get("/Annots", [])), list(other.obj.get("/Annots", [])))


def _opened(pdf: bytes) -> pikepdf.Pdf:
    """As QPDF reads it without a repair and without a warning. Raises ``Refused``."""
    opened = pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True)
    _require(all(str(one).endswith(_NO_FAULT) for one in opened.get_warnings()))
    return opened


def _changing(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Numbers of the objects that have a comparison of their own, or that show nothing."""
    root = pdf.Root
    held = [root, root.AcroForm, root.AcroForm.Fields, pdf.trailer.get("/Info")]
    held += [root.get(key) for key in ("/DSS", "/Extensions", "/Metadata")]
    store: Any = root.get("/DSS", {})
    held += [store.get(key) for key in ("/VRI", "/Certs", "/OCSPs", "/CRLs")]
    for page in pdf.pages:
        held += [page.obj, page.obj.get("/Annots")]
    for one in held:
        if isinstance(one, pikepdf.Object) and one.is_indirect:
            yield one.objgen[0]


def _plain(item: Any) -> object:
    """An object as QPDF spells it, references as such; and a stream's data as they stand."""
    if isinstance(item, pikepdf.Stream):
        return _but(item, set()), item.read_raw_bytes()
    return item.unparse(resolved=True) if isinstance(item, pikepdf.Object) else item


def _but(dictionary: Any, names: set[str]) -> dict[str, object]:
    return {
        key: value.unparse() if isinstance(value, pikepdf.Object) else value
        for key, value in dictionary.items()
        if key not in names
    }


def _compare_fields(before: list[Any], after: list[Any]) -> None:
    """What is new are fields that show nothing and hold a document time stamp."""
    kept = [one.objgen for one in before]
    _require([one.objgen for one in after[: len(kept)]] == kept)
    for field in after[len(kept) :]:
        _require(field.FT == "/Sig" and field.V.Type == "/DocTimeStamp")
        _require(field.Subtype == "/Widget" and not any(map(float, field.Rect)))
        _require("/AP" not in field or not field.AP.N.read_raw_bytes())


# -- pdfium: pages ----------------------------------------------------------------------------


def _compare_pages(sealed: bytes, whole: bytes) -> None:
    old, new = pypdfium2.PdfDocument(sealed), pypdfium2.PdfDocument(whole)
    try:
        _require(len(old) == len(new))
        if len(old) > _MOST_PAGES:
            raise Undecided("too_demanding")
        for index in range(len(old)):
            _require(_seen(old[index]) == _seen(new[index]))
    finally:
        old.close()
        new.close()


def _seen(page: pypdfium2.PdfPage) -> tuple[tuple[float, float], str, bytes]:
    """A page's size, its text and its picture."""
    bitmap = page.render(scale=_SCALE, grayscale=True)
    text = page.get_textpage().get_text_range()
    return page.get_size(), text, bytes(bitmap.buffer)


def _require(condition: object) -> None:
    if not condition:
        raise Refused("shown_otherwise")
