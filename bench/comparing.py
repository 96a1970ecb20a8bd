"""A letter by Hanyin and by the plain way: the same characters, whatever lines they stand in.

Typst and LibreOffice break lines and pages otherwise, so pictures are not compared.
"""

import re

from rendering.pdf import text_of

#: what stands on each page, of which there may be one more
_EACH_PAGE = re.compile(r"—\d+—|DEMO演示")


def compare(hanyin: bytes, plain: bytes) -> list[str]:
    """In what the letters differ; nothing of either says what it says."""
    return [] if _characters(hanyin) == _characters(plain) else ["the text differs"]


def _characters(pdf: bytes) -> set[str]:
    """The characters of a letter, without white space and what each page repeats."""
    return set(_EACH_PAGE.sub("", "".join(text_of(pdf).split())))
