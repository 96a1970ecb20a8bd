"""One PDF/A-2b file of several letters → a file for each, with nothing of the others in it.

LibreOffice exports a batch once, which costs it less than half of an export for each letter. A
letter's file has its own pages, its part of the structure, its own destinations and description,
and fonts with the glyphs that it draws. What LibreOffice was not seen to write is not guessed at:
such a letter is converted alone. What comes out is examined as any file of a batch
(``rendering.separation``).
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import structlog
from pikepdf import (
    Array,
    DataDecodingError,
    Dictionary,
    Name,
    ObjectStreamMode,
    Pdf,
    PdfError,
    String,
)

from rendering.redrawing import Redrawing
from rendering.type1 import NotReadable
from rendering.typeface import Typeface, packed

_log = structlog.get_logger(__name__)

#: the batch's title, in whose place comes each letter's
PLACEHOLDER = "5f0c2b1e-letters"
#: how LibreOffice writes ``_`` in a destination's name
_UNDERSCORE = "5F"
_FIRST = f"/first{_UNDERSCORE}"
#: what LibreOffice writes on a page that it leaves blank: the width of lines
_NOTHING = b"0.1 w\n"
#: what a catalogue, a page and its resources may hold, for a letter of a batch
_CATALOGUE = frozenset(
    {
        *("/Type", "/Pages", "/Dests", "/OpenAction", "/ViewerPreferences", "/StructTreeRoot"),
        *("/Lang", "/MarkInfo", "/OutputIntents", "/Metadata"),
    }
)
_PAGE = frozenset(
    {
        *("/Type", "/Parent", "/Resources", "/MediaBox", "/StructParents", "/Contents"),
        *("/Group", "/Tabs", "/Rotate"),
    }
)
_RESOURCES = frozenset({"/Font", "/ProcSet"})
#: what a page may have from its tree (7.7.3.4), and LibreOffice writes into each page
_INHERITED = frozenset({"/Resources", "/MediaBox"})


class Inseparable(Exception):
    """The letter's part of the file cannot be told from the others'."""


#: what reading a file comes to where it is not as it was seen to be
_NOT_UNDERSTOOD = (
    *(Inseparable, NotReadable, PdfError, DataDecodingError),
    *(AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)


def split(content: bytes, titles: Sequence[str]) -> list[bytes | None]:
    """A file for each letter of ``content`` (``rendering.composing``), named as in ``titles``.

    None for a letter that must be converted alone.
    """
    try:
        # what a page has from its tree is demanded of the page itself; to look for it costs more
        # than all else of reading
        with Pdf.open(io.BytesIO(content), inherit_page_attributes=False) as pdf:
            whole = _Whole(pdf, len(titles))
            return [_letter(whole, place, title) for place, title in enumerate(titles)]
    except _NOT_UNDERSTOOD as error:
        _log.warning("letters go alone", letters=len(titles), reason=_told(error))
        return [None] * len(titles)


def _letter(whole: "_Whole", place: int, title: str) -> bytes | None:
    try:
        return whole.letter(place, title)
    except _NOT_UNDERSTOOD as error:
        _log.warning("a letter goes alone", reason=_told(error))
        return None


class _Whole:
    """The file of all letters; made into one letter's file after another."""

    def __init__(self, pdf: Pdf, letters: int) -> None:
        self._pdf = pdf
        self._letters = letters
        self._pages = list(_leaves(pdf.Root.Pages))
        self._place = {page.objgen: place for place, page in enumerate(self._pages)}
        root = pdf.Root
        _demand(root, _CATALOGUE)
        self._dests: dict[str, Any] = dict(root.Dests.items())
        self._description = root.Metadata.read_bytes()
        self._structure = root.StructTreeRoot
        # LibreOffice writes several documents where it left pages blank between letters
        self._documents = [
            (document, [(kid, frozenset(self._pages_of(kid))) for kid in document.K])
            for document in self._structure.K
        ]
        self._marked = _numbers(self._structure.ParentTree)
        #: resources → their fonts
        self._typefaces: dict[tuple[int, int], dict[str, Typeface]] = {}

    def letter(self, number: int, title: str) -> bytes:
        """The file of the letter ``number``, counted from 0."""
        first, last = self._range(number)
        pages = self._pages[first : last + 1]
        for page in pages:
            _demand(page, _PAGE, needed=_INHERITED)
            _demand(page.Resources, _RESOURCES)
        pdf, root = self._pdf, self._pdf.Root
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(pages), Count=len(pages)))
        self._dress(pages, node)
        root.Pages = node
        root.Dests = self._own_dests(number)
        root.OpenAction = Array([pages[0], Name.XYZ, None, None, 0])
        root.StructTreeRoot = self._own_structure(first, last)
        root.Metadata = self._own_description(title)
        pdf.trailer.Info = pdf.make_indirect(_information(pdf.trailer.Info, title))
        for name in ("/ID", "/DocChecksum"):
            if name in pdf.trailer:
                del pdf.trailer[name]
        file = io.BytesIO()
        pdf.save(
            file,
            object_stream_mode=ObjectStreamMode.disable,
            compress_streams=False,
            fix_metadata_version=False,
            # the identity follows from the content; else from the second of the day
            deterministic_id=True,
        )
        return file.getvalue()

    def _range(self, number: int) -> tuple[int, int]:
        """Its first and its last page."""
        first, after = self._first(number), self._first(number + 1)
        if after <= first:
            raise Inseparable("its pages are not in order")
        # an odd number of pages is filled up before the next letter begins with page 1
        return first, after - 2 if _is_filler(self._pages[after - 1]) else after - 1

    def _first(self, number: int) -> int:
        if number == self._letters:
            return len(self._pages)
        return self._place[self._dests[f"{_FIRST}{number}"][0].objgen]

    def _own_dests(self, number: int) -> Dictionary:
        end = f"{_UNDERSCORE}{number}"
        own = {
            name.removesuffix(end): place
            for name, place in self._dests.items()
            if name.endswith(end) and not name.startswith(_FIRST)
        }
        return Dictionary(own)

    def _own_description(self, title: str) -> Any:
        told = self._description.split(PLACEHOLDER.encode())
        if len(told) != 2:  # noqa: PLR2004 -- before it and behind
            raise Inseparable("its title is not in one place")
        stream = self._pdf.make_stream(escape(title).encode().join(told))
        stream.Type, stream.Subtype = Name.Metadata, Name.XML
        return stream

    def _dress(self, pages: Sequence[Any], node: Any) -> None:
        """The pages have a parent, fonts and contents of their own."""
        resources = pages[0].Resources
        if any(page.Resources.objgen != resources.objgen for page in pages):
            raise Inseparable("its pages have different fonts")
        redrawing = Redrawing(self._typefaces_of(resources))
        for page in pages:
            content = redrawing.page(page.Contents.read_bytes())
            page.Contents = packed(self._pdf, content)
        fonts = {f"/{font.name}": font.embedded(self._pdf) for font in redrawing.fonts}
        own = self._pdf.make_indirect(
            Dictionary(Font=Dictionary(fonts), ProcSet=Array([Name.PDF, Name.Text]))
        )
        for page in pages:
            page.Resources, page.Parent = own, node

    def _typefaces_of(self, resources: Any) -> dict[str, Typeface]:
        if resources.objgen not in self._typefaces:
            self._typefaces[resources.objgen] = {
                name.lstrip("/"): Typeface(font) for name, font in resources.Font.items()
            }
        return self._typefaces[resources.objgen]

    def _own_structure(self, first: int, last: int) -> Any:
        documents = []
        for document, elements in self._documents:
            kids = list(_only_of(elements, set(range(first, last + 1))))
            if kids:
                document.K, document.Pg = Array(kids), self._pages[first]
                documents.append(document)
        marked = [self._marked[int(page.StructParents)] for page in self._pages[first : last + 1]]
        tree = Array([each for place, leaf in enumerate(marked) for each in (place, leaf)])
        root = Dictionary(dict(self._structure.items()))
        root.K = Array(documents)
        root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=tree))
        if "/ParentTreeNextKey" in root:
            root.ParentTreeNextKey = last - first + 1
        made = self._pdf.make_indirect(root)
        for document in documents:
            document.P = made
        for place, page in enumerate(self._pages[first : last + 1]):
            page.StructParents = place
        return made

    def _pages_of(self, element: Any) -> Iterator[int]:
        """The pages that an element of the structure and those below it speak of."""
        if not isinstance(element, Dictionary):
            return
        if (page := element.get("/Pg")) is not None:
            yield self._place[page.objgen]
        kids = element.get("/K")
        for kid in kids if isinstance(kids, Array) else [kids]:
            yield from self._pages_of(kid)


def _told(error: Exception) -> str:
    """Our own words alone: a library's may hold what stands in the file."""
    own = isinstance(error, Inseparable | NotReadable)
    return str(error) if own else type(error).__name__


def _information(told: Any, title: str) -> Dictionary:
    own = Dictionary(dict(told.items()))
    own.Title = String(title)
    return own


def _only_of(elements: Sequence[tuple[Any, frozenset[int]]], own: set[int]) -> Iterator[Any]:
    """The elements that speak of pages in ``own``, and of no others."""
    for element, pages in elements:
        if pages & own:
            if not pages <= own:
                raise Inseparable("an element of its structure is another's too")
            yield element


def _numbers(tree: Any) -> dict[int, Any]:
    """A number tree that is one leaf (7.9.7)."""
    entries = list(tree.Nums)
    return {int(key): value for key, value in zip(entries[::2], entries[1::2], strict=True)}


def _is_filler(page: Any) -> bool:
    """LibreOffice put the page, on which is nothing, between two letters."""
    return "/StructParents" not in page and page.Contents.read_bytes() == _NOTHING


def _leaves(node: Any) -> Iterator[Any]:
    """The pages of a page tree (7.7.3)."""
    for kid in node.Kids:
        if kid.Type == Name.Pages:
            yield from _leaves(kid)
        else:
            yield kid


def _demand(found: Any, known: frozenset[str], *, needed: frozenset[str] = frozenset()) -> None:
    entries = set(found.keys())
    if odd := (entries - known) | (needed - entries):
        raise Inseparable(f"unknown or missing entries: {', '.join(sorted(odd))}")
