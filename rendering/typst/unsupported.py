"""What the compiler does not know: the construct, where it is in the Word file, what to do."""

from dataclasses import dataclass

from templates.markup import Place


@dataclass(frozen=True, kw_only=True)
class Unsupported:
    """A construct of a Word file for which there is no Typst."""

    #: as the file has it, e.g. ``w:cols 2``
    construct: str
    place: Place

    @property
    def sentences(self) -> tuple[str, str]:
        """What it comes to and what to do, Chinese and English."""
        paragraph = f" 第 {self.place.paragraph} 段" if self.place.paragraph else ""
        chinese = (
            f"{self.place.part}{paragraph}：Typst 不能排版 {self.construct}，本模板由 LibreOffice"
            " 转换（较慢，须 make setup-office）；去掉或换一种写法，即由 Typst 排版"
        )
        english = (
            f"{self}: Typst is not told of it, so LibreOffice converts this template (slower,"
            " and it needs `make setup-office`); remove it or write it otherwise"
        )
        return chinese, english

    def __str__(self) -> str:
        paragraph = f", paragraph {self.place.paragraph}" if self.place.paragraph else ""
        return f"{self.construct} ({self.place.part}{paragraph})"


class UnsupportedError(ValueError):
    """The template cannot be compiled; ``found`` says why, in the order of the file."""

    def __init__(self, found: tuple[Unsupported, ...]) -> None:
        super().__init__("; ".join(map(str, found)))
        self.found = found


class UnknownConstructError(ValueError):
    """A construct without Typst, before its place is known; the text names it."""
