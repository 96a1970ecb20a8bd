"""Numbers as people type them: any brackets and digits, with or without 第 and 号."""

import re
import unicodedata

from schemas.documents import DocumentNumber

_OPEN, _CLOSE = "([{〔【〈《", ")]}〕】〉》"
_ROUND = str.maketrans(_OPEN + _CLOSE, "（" * len(_OPEN) + "）" * len(_CLOSE))
_SQUARE = str.maketrans(_OPEN + _CLOSE, "〔" * len(_OPEN) + "〕" * len(_CLOSE))
_TYPED = re.compile(
    rf"(?P<series>.+?)[{re.escape(_OPEN)}](?P<year>[1-9][0-9]{{3}})[{re.escape(_CLOSE)}]"
    r"第?0*(?P<seq>[1-9][0-9]{0,8})号?"
)


def typed_number(text: str) -> DocumentNumber | None:
    """The number that ``text`` means, its series in ``canonical`` form; None where it is none."""
    found = _TYPED.fullmatch(_plain(text))
    if found is None:
        return None
    return DocumentNumber(
        series=canonical(found["series"]), year=int(found["year"]), seq=int(found["seq"])
    )


def canonical(series: str) -> str:
    """A series with round full-width brackets: two that look alike are the same."""
    return _plain(series).translate(_ROUND)


def typed_case_numbers(text: str) -> list[str]:
    """The case numbers that ``text`` may mean: as it is, and with the brackets of official text."""
    plain = _plain(text)
    return list(dict.fromkeys((text, plain, plain.translate(_ROUND), plain.translate(_SQUARE))))


def _plain(text: str) -> str:
    """Compatibility form (NFKC: half-width brackets, digits, letters), without any blank."""
    return "".join(unicodedata.normalize("NFKC", text).split())
