"""The page tree (ISO 32000-2, 7.7.3)."""

from collections.abc import Iterator

from signing.syntax.document import State
from signing.syntax.values import Malformed, Reference, TooLarge, Value

#: pages in pages in pages
_DEEPEST = 50
_MOST = 100_000


def page_tree(state: State) -> Iterator[tuple[int, dict[str, Value]]]:
    """Number and entries of each page and of each node above it. Raises ``Malformed``."""
    waiting: list[tuple[Value, int]] = [(state.catalogue.get("/Pages"), 0)]
    visited = 0
    while waiting:
        reference, depth = waiting.pop()
        node, visited = state.follow(reference), visited + 1
        if visited > _MOST or len(waiting) > _MOST:
            raise TooLarge
        if not isinstance(reference, Reference) or not isinstance(node, dict) or depth > _DEEPEST:
            raise Malformed(0, "a page tree with something else in it")
        yield reference.number, node
        kids = state.follow(node.get("/Kids", []))
        if not isinstance(kids, list):
            raise Malformed(0, "a page tree with something else in it")
        waiting.extend((kid, depth + 1) for kid in kids)
