"""The styles of several Word templates → one part that has them all (ECMA-376 part 1, 17.7)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLE = f"{_W}style"
#: which style a new paragraph gets while somebody types (17.7.4.10): nothing of it is seen
_NEXT = f"{_W}next"


@lru_cache(maxsize=64)
def united(files: tuple[bytes, ...]) -> bytes | None:
    """All styles of ``files``; None where two of them mean something else by the same.

    A style that came in addition changes nothing of a letter that does not name it.
    """
    roots = [etree.fromstring(file) for file in files]
    if len({_beside_styles(root) for root in roots}) > 1:
        return None
    there, names = {_id(style): _meaning(style) for style in _of(roots[0])}, set(_names(roots[0]))
    for root in roots[1:]:
        for style in _of(root):
            known = there.get(_id(style))
            if known is None and _may_come(style, names):
                roots[0].append(style)
                there[_id(style)] = _meaning(style)
                names.add(_name(style))
            elif known != _meaning(style):
                return None
    return bytes(etree.tostring(roots[0], xml_declaration=True, encoding="UTF-8", standalone=True))


def _may_come(style: Any, names: set[str]) -> bool:
    """It is nobody's default, and none has its name: LibreOffice knows styles by their names."""
    return style.get(f"{_W}default") is None and _name(style) not in names


def _of(root: Any) -> list[Any]:
    return list(root.findall(_STYLE))


def _id(style: Any) -> str:
    return str(style.get(f"{_W}styleId"))


def _name(style: Any) -> str:
    name = style.find(f"{_W}name")
    return "" if name is None else str(name.get(f"{_W}val"))


def _names(root: Any) -> Iterator[str]:
    return map(_name, _of(root))


def _beside_styles(root: Any) -> tuple[bytes, ...]:
    return tuple(etree.tostring(part, method="c14n") for part in root if part.tag != _STYLE)


def _meaning(style: Any) -> bytes:
    """What the style says, whitespace and the order of attributes aside."""
    parts = [etree.tostring(part, method="c14n") for part in style if part.tag != _NEXT]
    head = sorted((str(name), str(value)) for name, value in style.attrib.items())
    return repr(head).encode() + b"".join(parts)
