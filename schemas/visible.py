"""Text from outside as a terminal or a log may show it: nothing in it moves, hides or reorders.

Escape sequences move the cursor and colour a line, bidirectional controls (UAX #9) let a name be
read backwards, separators begin a line of their own; private use and unassigned characters look
like whatever a font makes of them.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.text import is_han

#: control, format (the bidirectional ones among them), line and paragraph separators, private use,
#: surrogates (bytes of a file name that are no UTF-8), unassigned
_UNSHOWN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn"})


def visible(text: str, *, lines: bool = False) -> str:
    """``text`` with ``<U+202E>`` instead of what a terminal would obey or not show.

    With ``lines``, line feeds stay: for what was put together from several lines here.
    """
    if text.isprintable():
        # Python's printable leaves out all of the above, and some good characters: looked at below
        return text
    return "".join(_written(sign) if _is_unshown(sign, lines=lines) else sign for sign in text)


def visible_json(value: Any, *, indent: int | None = None, default: Any = str) -> str:
    """``value`` as JSON, Chinese as it is, with an escape for each sign that ``visible`` replaces.

    Parsed again it is ``value``, unchanged.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=default)
    return "\n".join(map(_escaped, text.split("\n")))


def visible_json_array(values: Iterable[Any], *, default: Any = str) -> Iterator[str]:
    """The pieces of ``visible_json([*values], indent=2)``, each as soon as its value is there."""
    before = "["
    for value in values:
        text = visible_json(value, indent=2, default=default).replace("\n", "\n  ")
        yield f"{before}\n  {text}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(json.dumps(sign)[1:-1] if _is_unshown(sign) else sign for sign in line)


def _is_unshown(sign: str, *, lines: bool = False) -> bool:
    if sign == "\n" and lines:
        return False
    # a Han character may be younger than this interpreter's tables
    return unicodedata.category(sign) in _UNSHOWN and not is_han(sign)


def _written(sign: str) -> str:
    return f"<U+{ord(sign):04X}>"
