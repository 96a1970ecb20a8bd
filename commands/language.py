"""The language that the command line speaks: Chinese, or English where it is asked for."""

import os
from typing import Literal

Language = Literal["zh", "en"]

_chosen: list[Language] = []
_preferred: list[Language] = []


def choose(language: Language | None) -> None:
    """From now on ``say`` answers in ``language``; None leaves it to HANYIN_LANG and the locale."""
    _chosen[:] = [language] if language else []


def prefer(language: Language | None) -> None:
    """``language`` (of the settings) is in force where none was chosen for this call."""
    _preferred[:] = [language] if language else []


def current() -> Language:
    """The language in force: the chosen one, the settings', the locale's, else Chinese."""
    for language in (*_chosen, *_preferred):
        return language
    for variable in ("HANYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value not in {"C", "POSIX", "C.UTF-8"}:
            return "en" if value.startswith("en") else "zh"
    return "zh"


def say(zh: str, en: str) -> str:
    """Whichever of the two sentences is in the language in force."""
    return zh if current() == "zh" else en
