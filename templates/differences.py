"""What an own template says otherwise than the shipped one: words and manifest, never XML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from templates.catalogue import MANIFEST, Template
from templates.manifest import Manifest
from templates.word import W, WordFile, is_filled, text_of

#: between the cells of a row, and between the paragraphs of a cell
_CELL, _IN_CELL = " | ", " / "


@dataclass(frozen=True, kw_only=True)
class Change:
    """A line that is there in one of the two alone, or another in each."""

    #: a part of the Word file, e.g. word/document.xml, or manifest.toml
    part: str
    #: a paragraph, a row of a table, an entry of the manifest; None: the own one added it
    shipped: str | None
    #: None: the own one has it no more
    own: str | None


def differences(shipped: Template, own: Template) -> list[Change]:
    """Every change, in the order of the text; [] where only the layout differs, or nothing."""
    before, after = _lines(shipped), _lines(own)
    return [
        change
        for part in dict.fromkeys([*before, *after])
        for change in _changes(part, before.get(part, []), after.get(part, []))
    ]


def _lines(template: Template) -> dict[str, list[str]]:
    """The lines of each part that is printed, and of the manifest."""
    word = WordFile.read(template.docx)
    parts = {name: [*_told(tree)] for name, tree in word.pages().items() if is_filled(name)}
    return {**parts, MANIFEST: [*_entries(template.manifest)]}


def _told(tree: etree._Element) -> Iterator[str]:
    """A line for each paragraph and for each row of a table."""
    for node in tree:
        if node.tag == f"{W}p":
            yield text_of(node)
        elif node.tag == f"{W}tbl":
            for row in node.iter(f"{W}tr"):
                yield _CELL.join(_IN_CELL.join(_told(cell)) for cell in row.iter(f"{W}tc"))
        else:
            yield from _told(node)


def _entries(manifest: Manifest) -> Iterator[str]:
    yield f"name = {manifest.name}"
    yield f"copies = {'、'.join(manifest.copies)}"
    yield f"retention_years = {manifest.retention_years}"
    for variable in manifest.variables:
        yield f"{variable.name} ({variable.type}): {variable.meaning}"
        for column in variable.columns:
            yield f"{variable.name}.{column.name}: {column.meaning}"


def _changes(part: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, first, last, other_first, other_last in matcher.get_opcodes():
        if what == "equal":
            continue
        old, new = before[first:last], after[other_first:other_last]
        if len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                yield Change(part=part, shipped=one, own=other)
            continue
        yield from (Change(part=part, shipped=line, own=None) for line in old)
        yield from (Change(part=part, shipped=None, own=line) for line in new)
