"""Pages of a rendered PDF as the sealing sees them: their box, and drawing on top of them."""

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from schemas.errors import ProductionFailed

_name = generic.NameObject


@dataclass(frozen=True, kw_only=True)
class PageBox:
    """The visible part of a page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float, radius: float) -> bool:
        """True where a circle about (x, y) is wholly inside."""
        return (
            self.left <= x - radius
            and x + radius <= self.right
            and self.bottom <= y - radius
            and y + radius <= self.top
        )


def box_of(page: generic.DictionaryObject) -> PageBox:
    """The crop box of ``page``. Raises ``ProductionFailed`` for a turned page."""
    if int(_inherited(page, "/Rotate") or 0) % 360:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/Rotate")
    corners = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox")
    if corners is None:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/MediaBox")
    a, b, c, d = (float(corner) for corner in corners)
    return PageBox(left=min(a, c), bottom=min(b, d), right=max(a, c), top=max(b, d))


def draw_on(
    writer: IncrementalPdfFileWriter,
    place: int,
    operators: bytes,
    form: tuple[str, generic.IndirectObject],
) -> None:
    """``operators`` are painted over what page ``place`` (0-based) shows, which stays as it is.

    ``form`` is the XObject that they call, with the name that they call it by. What the page
    left of its own graphics state does not reach them.
    """
    page_reference, _ = writer.find_page_for_modification(place)
    page = page_reference.get_object()
    page[_name("/Contents")] = generic.ArrayObject(
        [
            writer.add_object(generic.StreamObject(stream_data=b"q\n")),
            *_contents(page),
            writer.add_object(generic.StreamObject(stream_data=b"\nQ\n" + operators)),
        ]
    )
    page[_name("/Resources")] = _with_form(page, *form)
    writer.mark_update(page_reference)


def _contents(page: generic.DictionaryObject) -> list[generic.PdfObject]:
    if "/Contents" not in page:
        return []
    held = page.raw_get("/Contents")
    array = held.get_object()
    if isinstance(array, generic.ArrayObject):
        return [array.raw_get(place) for place in range(len(array))]
    return [held]


def _with_form(
    page: generic.DictionaryObject, name: str, form: generic.IndirectObject
) -> generic.DictionaryObject:
    """Resources of its own for this page: LibreOffice lets all pages share one dictionary."""
    own = _copy(_inherited(page, "/Resources"))
    forms = _copy(_value(own, "/XObject"))
    if name in forms:
        raise ProductionFailed("pdf_not_sealable", final=True, what=f"/XObject {name}")
    forms[_name(name)] = form
    own[_name("/XObject")] = forms
    return own


def _copy(dictionary: Any) -> generic.DictionaryObject:
    if not isinstance(dictionary, generic.DictionaryObject):
        return generic.DictionaryObject()
    return generic.DictionaryObject({key: dictionary.raw_get(key) for key in dictionary})


def _inherited(page: generic.DictionaryObject, key: str) -> Any:
    """The value of ``key`` on the page or above it; page trees are not deep."""
    node: generic.DictionaryObject | None = page
    for _ in range(50):
        if node is None:
            break
        value = _value(node, key)
        if value is not None:
            return value
        node = _value(node, "/Parent")
    return None


def _value(dictionary: generic.DictionaryObject, key: str) -> Any:
    """The value with references followed, which pyHanko's ``get`` does not do; else None."""
    try:
        return dictionary[key]
    except KeyError:
        return None
