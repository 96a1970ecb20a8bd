"""The language that the command line speaks: Chinese, or English where it is asked for.

What is chosen belongs to the call that chose it (a context variable): two requests of one process
may each have their own.
"""

import os
import tomllib
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

from schemas.sentence import Sentence

Language = Literal["zh", "en"]

_chosen: ContextVar[Language | None] = ContextVar("language_chosen", default=None)
_preferred: ContextVar[Language | None] = ContextVar("language_preferred", default=None)


def choose(language: Language | None) -> None:
    """From now on ``say`` answers in ``language``; None leaves it to HANYIN_LANG and the locale."""
    _chosen.set(language)


def prefer(language: Language | None) -> None:
    """``language`` (of the settings) is in force where none was chosen for this call."""
    _preferred.set(language)


def of_settings_file() -> Language | None:
    """The language that hanyin.toml in the working directory names; None where it names none.

    Help and usage errors need it before, and without, the settings themselves.
    """
    if "HANYIN_LANG" in os.environ:
        return None
    try:
        lang = tomllib.loads(Path("hanyin.toml").read_text(encoding="utf-8-sig")).get("lang")
    except (OSError, ValueError):
        # whoever reads the settings says what is wrong with them
        return None
    if lang in ("zh", "en"):
        return "zh" if lang == "zh" else "en"
    return None


def current() -> Language:
    """The language in force: the chosen one, the settings', the locale's, else Chinese."""
    for language in (_chosen.get(), _preferred.get()):
        if language is not None:
            return language
    for variable in ("HANYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value not in {"C", "POSIX", "C.UTF-8"}:
            return "en" if value.startswith("en") else "zh"
    return "zh"


def say(zh: str, en: str) -> str:
    """Whichever of the two sentences is in the language in force."""
    return zh if current() == "zh" else en


def spoken(sentence: Sentence) -> str:
    """The sentence in the language in force."""
    return say(sentence.zh, sentence.en)
