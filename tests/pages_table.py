"""``python -m tests.pages_table``: rules × pages × faults over 200 data sets a kind, on stdout.

``python -m tests.pages_table 20 referral_letter …`` looks at 20 sets of these kinds. Each fault is
named on stderr, where the run says how far it is.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rendering.building import build_renderer
from rendering.preview import drawn
from rendering.renderer import Renderer
from schemas.documents import NUMBERED, DocumentKind, RenderedPdf
from templates.catalogue import load
from tests.building.page_rules import RULES, faults
from tests.building.variations import variation

#: data sets of a kind beside its sample
SETS = 200


def table(letters: Mapping[DocumentKind, int], pages: int, found: Counter[str]) -> str:
    """A row for each rule, as Markdown."""
    rows = [f"| {rule} | {pages:,} | {found[rule]} |" for rule in RULES]
    title = f"| rule ({sum(letters.values()):,} letters of {len(letters)} kinds) | pages | faults |"
    return "\n".join([title, "|---|---|---|", *rows]) + "\n"


def looked_at(
    renderer: Renderer, kind: DocumentKind, sets: int
) -> Iterator[tuple[RenderedPdf, list[tuple[str, str]]]]:
    """Each letter of the kind with its faults: the sample's, and those of ``sets`` data sets."""
    template = load(kind)
    for data in (template.sample, *(variation(template, number) for number in range(sets))):
        letter = drawn(renderer, kind, data)
        assert isinstance(letter, RenderedPdf)
        yield letter, list(faults(letter))


def main(words: Sequence[str]) -> None:
    """The table is on stdout."""
    sets = int(words[0]) if words else SETS
    kinds = [DocumentKind(word) for word in words[1:]] or sorted(NUMBERED)
    letters: Counter[DocumentKind] = Counter()
    found: Counter[str] = Counter()
    pages = 0
    with TemporaryDirectory(prefix="hanyin-pages-") as folder:
        renderer = build_renderer(work_dir=Path(folder))
        for kind in kinds:
            for letter, broken in looked_at(renderer, kind, sets):
                letters[kind] += 1
                pages += letter.pages
                for rule, where in broken:
                    found[rule] += 1
                    sys.stderr.write(f"{kind.value} {letters[kind] - 2}: {rule}: {where}\n")
            sys.stderr.write(f"{kind.value}: {letters[kind]} letters\n")
        renderer.close()
    sys.stdout.write(table(letters, pages, found))


if __name__ == "__main__":
    main(sys.argv[1:])
