"""A line of the tables of meanings."""

from dataclasses import dataclass
from typing import Any

#: stands for an example that is put together from those of what is in it
_COMPOSED = object()


@dataclass(frozen=True)
class Meaning:
    """What a member means, in one sentence, and a value that it may have."""

    text: str
    example: Any = _COMPOSED

    @property
    def has_example(self) -> bool:
        """False where the example is that of an object's or list's members."""
        return self.example is not _COMPOSED
