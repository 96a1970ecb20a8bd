"""The order in which a screen reader reads a batch, and each letter's part of it (14.7).

LibreOffice says it in one tree of elements, each an object that tells its page and those below it.
It opens a span for each run of Chinese, to say its language: where that is the file's, and nothing
else is said, the element above the span has its text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from rendering.objects import (
    NewFile,
    Objects,
    demand_wordless,
    entries,
    parts_of,
    references,
    renumbered,
    replaced,
)
from rendering.type1 import NotReadable

#: pages by their places in a number tree that is one leaf, with the elements of each (7.9.7)
_LEAF = re.compile(rb"(\d+)\s*\[([^\[\]]*)\]")
_TREE_END = re.compile(rb"\s*\]\s*>>")
_ELEMENT = b"/StructElem"
#: a span of one piece of text: the element above it, its page, its language, its place on the page
_SPAN = re.compile(
    rb"<</Type/StructElem\s*/S/Span\s*/P (\d+) 0 R\s*/Pg (\d+) 0 R\s*(?:/Lang\(([^()]*)\)\s*)?"
    rb"/K\[(\d+) ?\]\s*>>"
)
#: an element's own page: pieces of text below it may tell others
_PAGE = re.compile(rb"/P \d+ 0 R\s*/Pg (\d+) 0 R")
#: what stands right below a document of the tree, and nothing else
_KIDS = re.compile(rb"/K\s*\[((?:\s*\d+ 0 R)+)\s*\]")
#: what a document of the tree may hold
_DOCUMENT = frozenset({"/Type", "/S", "/P", "/Pg", "/K"})
#: entries of the tree's root that are written anew for each letter, or not at all
_ANEW = frozenset({"/K", "/ParentTree", "/ParentTreeNextKey"})


@dataclass(frozen=True, kw_only=True)
class _Branch:
    """An element right below a document, with all below it."""

    top: bytes
    #: the objects of all of them; attributes too
    numbers: list[bytes] = field(repr=False)
    #: the places of the pages that they speak of
    pages: frozenset[int]


class Structure:
    """The tree of a batch's file."""

    def __init__(
        self, objects: Objects, root: Any, places: Mapping[int, int], *, language: bytes
    ) -> None:
        """``places``: a page's number as an object → its place; ``language``: the file's.

        Raises ``NotReadable``.
        """
        self._objects = objects
        # numbers are digits here, as references have them
        self._places = {b"%d" % number: place for number, place in places.items()}
        self._silent = (None, language)
        self._parts: dict[bytes, list[bytes]] = {}
        #: a span that is left out → the element above it
        self._above: dict[bytes, bytes] = {}
        self._entries = entries(root, without=_ANEW)
        # LibreOffice writes several documents where it left pages blank between letters
        documents = list(root.K)
        self._seen = {_number(root), *map(_number, documents), *self._places}
        self._documents = [
            (number, _document(document), list(map(self._branch, self._kids(number))))
            for number, document in zip(map(_number, documents), documents, strict=True)
        ]
        self._marked = self._elements_of_pages(root.ParentTree)

    def put(self, file: NewFile, pages: Mapping[int, int], marks: Sequence[int]) -> int:
        """The tree's part that speaks of ``pages`` is in ``file``: the number of its root.

        ``pages``: place → the page's number in ``file``. ``marks``: where each page, in order,
        stands in the batch's tree of pages (/StructParents); in ``file`` they are 0, 1, ….
        Raises ``NotReadable``.
        """
        root = file.reserve()
        numbers = {
            number: b"%d" % pages[place] for number, place in self._places.items() if place in pages
        }
        tops = []
        for document, said, branches in self._documents:
            own = list(_only_of(branches, pages.keys()))
            if own:
                top = file.reserve()
                numbers[document] = b"%d" % top
                self._put_elements(file, own, numbers)
                kids = references(int(numbers[branch.top]) for branch in own)
                at = pages[min(pages)]
                file.put(top, b"<<%s/P %d 0 R/Pg %d 0 R/K%s>>" % (said, root, at, kids))
                tops.append(top)
        leaves = [
            b"%d[%s]" % (place, renumbered(self._marked[mark], numbers))
            for place, mark in enumerate(marks)
        ]
        tree = file.add(b"<</Nums[%s]>>" % b"\n".join(leaves))
        kids = references(tops)
        file.put(root, b"<<%s/ParentTree %d 0 R/K%s>>" % (self._entries, tree, kids))
        return root

    def _put_elements(
        self, file: NewFile, branches: Sequence[_Branch], numbers: dict[bytes, bytes]
    ) -> None:
        # LibreOffice writes attributes anew for each element; they are the same again and again
        alike: dict[bytes, bytes] = {}
        elements = []
        for number in (number for branch in branches for number in branch.numbers):
            parts = self._parts[number]
            if len(parts) > 1:
                own = file.reserve()
                numbers[number] = b"%d" % own
                elements.append((own, parts))
            else:
                if parts[0] not in alike:
                    alike[parts[0]] = b"%d" % file.add(parts[0])
                numbers[number] = alike[parts[0]]
        for own, parts in elements:
            file.put(own, renumbered(parts, numbers))

    def _kids(self, document: bytes) -> list[bytes]:
        """The elements right below it, which the library would all read to tell their numbers."""
        kids = _KIDS.search(self._objects.body(document))
        if kids is None:
            raise NotReadable("a document of the structure without a list of elements")
        return parts_of(kids[1])[1::2]

    def _branch(self, top: bytes) -> _Branch:
        bodies, told, waiting = dict[bytes, bytes](), set[bytes](), [top]
        self._seen.add(top)
        marks: dict[bytes, dict[bytes, bytes]] = {}
        while waiting:
            number = waiting.pop()
            body = self._objects.body(number)
            if _ELEMENT not in body:
                self._parts[number] = [_attributes(body)]
                bodies[number] = body
                continue
            span = _SPAN.fullmatch(body)
            if span and span[3] in self._silent and _is_on(span[2], bodies.get(span[1])):
                self._above[number] = span[1]
                marks.setdefault(span[1], {})[number] = span[4]
                continue
            bodies[number] = body
            self._parts[number] = parts = parts_of(body)
            named = parts[1::2]
            told.update(named)
            unseen = [each for each in named if each not in self._seen]
            self._seen.update(unseen)
            waiting += unseen
        demand_wordless(bodies.values())
        for number, marked in marks.items():
            self._parts[number] = replaced(self._parts[number], marked)
        pages = frozenset(self._places[number] for number in told & self._places.keys())
        return _Branch(top=top, numbers=list(bodies), pages=pages)

    def _elements_of_pages(self, tree: Any) -> dict[int, list[bytes]]:
        """A page's mark → its elements, between and around their references."""
        found, end, body = {}, 0, self._objects.body(_number(tree))
        demand_wordless([body])
        for leaf in _LEAF.finditer(body):
            parts = parts_of(leaf[2])
            parts[1::2] = [self._above.get(number, number) for number in parts[1::2]]
            found[int(leaf[1])], end = parts, leaf.end()
        if not _TREE_END.fullmatch(body, end):
            raise NotReadable("a tree of pages in several leaves")
        return found


def _only_of(branches: Sequence[_Branch], own: AbstractSet[int]) -> Iterator[_Branch]:
    """The branches that speak of pages in ``own``, and of no others."""
    for branch in branches:
        if branch.pages & own:
            if not branch.pages <= own:
                raise NotReadable("an element of its structure is another's too")
            yield branch


def _is_on(page: bytes, element: bytes | None) -> bool:
    """Whether the element says that this is its page: places below it are that page's."""
    told = _PAGE.search(element) if element is not None else None
    return told is not None and told[1] == page


def _attributes(body: bytes) -> bytes:
    """The object that is no element: a dictionary without references."""
    if not body.startswith(b"<<") or b" R" in body:
        raise NotReadable("a structure with other objects")
    return body


def _document(document: Any) -> bytes:
    """What it says besides what is written anew."""
    if odd := set(document.keys()) - _DOCUMENT:
        raise NotReadable(f"a document of the structure has {', '.join(sorted(odd))}")
    return entries(document, without=_DOCUMENT - {"/Type", "/S"})


def _number(value: Any) -> bytes:
    number, generation = value.objgen
    if not number or generation:
        raise NotReadable("a part of the structure is no object of its own")
    return b"%d" % number
