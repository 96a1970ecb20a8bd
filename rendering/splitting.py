"""One PDF/A-2b file of several letters → a file for each, with nothing of the others in it.

LibreOffice exports a batch once, which costs it less than half of an export for each letter. A
letter's file has its own pages, its part of the structure, its own destinations and description,
and fonts with the glyphs that it draws. What LibreOffice was not seen to write is not guessed at:
such a letter is converted alone. What comes out is examined as any file of a batch
(``rendering.separation``).
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import structlog
from pikepdf import Array, DataDecodingError, Pdf, PdfError

from rendering.objects import NewFile, Objects, entries, entry, references
from rendering.pdf import leaves
from rendering.redrawing import Redrawing
from rendering.structure import Structure
from rendering.type1 import NotReadable
from rendering.typeface import Typeface, put_packed

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
#: what of them is another in the file of each letter
_ANEW = frozenset(
    {
        *("/Pages", "/Dests", "/OpenAction", "/StructTreeRoot", "/OutputIntents", "/Metadata"),
        *("/Parent", "/Resources", "/StructParents", "/Contents"),
    }
)
_RESOURCES = frozenset({"/Font", "/ProcSet"})
#: what a page may have from its tree (7.7.3.4), and LibreOffice writes into each page
_INHERITED = frozenset({"/Resources", "/MediaBox"})


#: what reading a file comes to where it is not as it was seen to be
_NOT_UNDERSTOOD = (
    *(NotReadable, PdfError, DataDecodingError),
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
            whole = _Whole(pdf, Objects(content), len(titles))
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
    """The file of all letters."""

    def __init__(self, pdf: Pdf, objects: Objects, letters: int) -> None:
        self._letters = letters
        self._head = objects.head
        self._pages = list(leaves(pdf.Root.Pages))
        self._place = {page.objgen[0]: place for place, page in enumerate(self._pages)}
        root = pdf.Root
        _demand(root, _CATALOGUE)
        self._dests: dict[str, Any] = dict(root.Dests.items())
        self._description = root.Metadata.read_bytes()
        self._intents = list(root.OutputIntents)
        self._said = entries(root, without=_ANEW)
        self._information = entries(pdf.docinfo, without={"/Title"})
        language = str(root.get("/Lang", "")).encode("ascii")
        self._structure = Structure(objects, root.StructTreeRoot, self._place, language=language)
        #: resources → their fonts
        self._typefaces: dict[tuple[int, int], dict[str, Typeface]] = {}

    def letter(self, number: int, title: str) -> bytes:
        """The file of the letter ``number``, counted from 0."""
        first, last = self._range(number)
        file = NewFile()
        root, node = file.reserve(), file.reserve()
        pages = {place: file.reserve() for place in range(first, last + 1)}
        self._put_pages(file, pages, node)
        marks = [int(self._pages[place].StructParents) for place in pages]
        structure = self._structure.put(file, pages, marks)
        file.put(
            root,
            b"<<%s/Pages %d 0 R/Dests %d 0 R/OpenAction[%d 0 R/XYZ null null 0]"
            b"/StructTreeRoot %d 0 R/OutputIntents%s/Metadata %d 0 R>>"
            % (
                *(self._said, node, self._own_dests(file, number, pages), pages[first]),
                *(structure, self._own_intents(file), self._own_description(file, title)),
            ),
        )
        called = b"/Title<%s>" % _utf16(title)
        information = file.add(b"<<%s%s>>" % (called, self._information))
        return file.content(self._head, root=root, information=information)

    def _range(self, number: int) -> tuple[int, int]:
        """Its first and its last page."""
        first, after = self._first(number), self._first(number + 1)
        if after <= first:
            raise NotReadable("its pages are not in order")
        # an odd number of pages is filled up before the next letter begins with page 1
        return first, after - 2 if _is_filler(self._pages[after - 1]) else after - 1

    def _first(self, number: int) -> int:
        if number == self._letters:
            return len(self._pages)
        return self._place[self._dests[f"{_FIRST}{number}"][0].objgen[0]]

    def _own_dests(self, file: NewFile, number: int, pages: Mapping[int, int]) -> int:
        end = f"{_UNDERSCORE}{number}"
        told = b""
        for name, (page, *where) in self._dests.items():
            if name.endswith(end) and not name.startswith(_FIRST):
                place = entry(name.removesuffix(end), Array(where))
                called, _, at = place.partition(b"[")
                told += b"%s[%d 0 R %s" % (called, pages[self._place[page.objgen[0]]], at)
        return file.add(b"<<%s>>" % told)

    def _own_intents(self, file: NewFile) -> bytes:
        """What its colours mean (14.11.5), as the batch's file says it."""
        intents = []
        for intent in self._intents:
            profile = intent.DestOutputProfile
            told = entries(profile, without={"/Length"})
            colours = file.add_stream(profile.read_raw_bytes(), told)
            told = entries(intent, without={"/DestOutputProfile"})
            intents.append(file.add(b"<<%s/DestOutputProfile %d 0 R>>" % (told, colours)))
        return references(intents)

    def _own_description(self, file: NewFile, title: str) -> int:
        told = self._description.split(PLACEHOLDER.encode())
        if len(told) != 2:  # noqa: PLR2004 -- before it and behind
            raise NotReadable("its title is not in one place")
        return file.add_stream(escape(title).encode().join(told), b"/Type/Metadata/Subtype/XML")

    def _put_pages(self, file: NewFile, pages: Mapping[int, int], node: int) -> None:
        """The pages have a parent, fonts and contents of their own."""
        own, numbers = [self._pages[place] for place in pages], list(pages.values())
        for page in own:
            _demand(page, _PAGE, needed=_INHERITED)
            _demand(page.Resources, _RESOURCES)
        resources = own[0].Resources
        if any(page.Resources.objgen != resources.objgen for page in own):
            raise NotReadable("its pages have different fonts")
        redrawing = Redrawing(self._typefaces_of(resources))
        drawn = [redrawing.page(page.Contents.read_bytes()) for page in own]
        fonts = b"".join(
            b"/%s %d 0 R" % (font.name.encode("ascii"), font.put(file)) for font in redrawing.fonts
        )
        used = file.add(b"<</Font<<%s>>/ProcSet[/PDF/Text]>>" % fonts)
        for mark, (number, page, content) in enumerate(zip(numbers, own, drawn, strict=True)):
            file.put(
                number,
                b"<<%s/Parent %d 0 R/Resources %d 0 R/StructParents %d/Contents %d 0 R>>"
                % (entries(page, without=_ANEW), node, used, mark, put_packed(file, content)),
            )
        file.put(node, b"<</Type/Pages/Count %d/Kids%s>>" % (len(numbers), references(numbers)))

    def _typefaces_of(self, resources: Any) -> dict[str, Typeface]:
        if resources.objgen not in self._typefaces:
            self._typefaces[resources.objgen] = {
                name.lstrip("/"): Typeface(font) for name, font in resources.Font.items()
            }
        return self._typefaces[resources.objgen]


def _utf16(text: str) -> bytes:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode("ascii")


def _told(error: Exception) -> str:
    """Our own words alone: a library's may hold what stands in the file."""
    return str(error) if isinstance(error, NotReadable) else type(error).__name__


def _is_filler(page: Any) -> bool:
    """LibreOffice put the page, on which is nothing, between two letters."""
    return "/StructParents" not in page and page.Contents.read_bytes() == _NOTHING


def _demand(found: Any, known: frozenset[str], *, needed: frozenset[str] = frozenset()) -> None:
    told = set(found.keys())
    if odd := (told - known) | (needed - told):
        raise NotReadable(f"unknown or missing entries: {', '.join(sorted(odd))}")
