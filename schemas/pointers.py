"""JSON pointers (RFC 6901) into a message."""

from collections.abc import Sequence
from typing import Any

from schemas.text import hidden_fault

#: characters of a member's name; longer ones are refused, so that no pointer grows without end
MEMBER_LENGTH = 100

Path = tuple[str | int, ...]


def pointer(path: Sequence[str | int]) -> str:
    """The pointer that ``path`` makes; "" for the empty path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def is_plain_name(name: str) -> bool:
    """Whether a member's name is short and printable enough to stand in a pointer."""
    return len(name) <= MEMBER_LENGTH and hidden_fault(name) is None


def resolve(document: Any, steps: Path) -> Any:
    """What stands at ``steps``; None where nothing does (or a null)."""
    for step in steps:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document
