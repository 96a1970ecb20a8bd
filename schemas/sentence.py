"""Sentences for people in both languages, side by side: whoever shows one chooses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Sentence:
    """One sentence, or a part of one; printed as it is, it is English (logs are)."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def __bool__(self) -> bool:
        return bool(self.en)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """The parts one after the other, each once."""
        once = list(dict.fromkeys(parts))
        return cls("；".join(part.zh for part in once), "; ".join(part.en for part in once))


#: where there is nothing to say
NOTHING = Sentence("", "")


class BilingualError(Exception):
    """An error whose text is for people: made of a Chinese and an English sentence."""

    def __init__(self, zh: str, en: str) -> None:
        # both are arguments, so that the error passes from process to process
        super().__init__(zh, en)
        self.sentence = Sentence(zh, en)

    def __str__(self) -> str:
        return self.sentence.en
