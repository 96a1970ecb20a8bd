"""One row of the table of codes."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Code:
    """One row of the table; the sentences are ``str.format`` patterns over named values."""

    #: the code itself, snake_case
    name: str
    #: what it means, for docs/codes.md (English, one line)
    meaning: str
    #: Chinese sentence pattern
    zh: str
    #: English sentence pattern
    en: str
    #: where it points, as a pattern of pointers; "" is the whole message or wherever it arises
    where: str = ""
    #: a warning is kept with the event and shown; it does not reject
    warning: bool = False
