"""Vetted tags: what was found harmless in a template needs no second look in each letter.

A letter whose every tag stands byte for byte in the template holds no other element and no other
attribute; ``faults_of`` looks at it a hundred times as long for the same answer.
"""

import re

from templates.word import W

_TAG = re.compile(rb"<[^<>]*>")
#: a tag, and the text behind it where there is more than white space
_TEXT = re.compile(rb"(<[^<>]*>)\s*[^<\s]")
_RUN = re.compile(rb"<w:t( [^<>]*)?>")
#: fields are put together from several runs, so each letter's are looked at
_FIELD = b"instrText"
_WORD = f'xmlns:w="{W[1:-1]}"'.encode()
_DECLARATIONS = frozenset({b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"})


class VettedTags:
    """The tags of a part of a template in which ``faults_of`` found nothing."""

    def __init__(self, part: bytes) -> None:
        tags = _TAG.findall(part)
        self._tags = frozenset(tags)
        #: a prefix that changes its meaning, or a ``>`` in a value: bytes do not name the element
        self._clear = (
            _WORD in part
            and sum(b"xmlns" in tag for tag in tags) == 1
            and not any(b"'" in tag or tag.count(b'"') % 2 for tag in self._tags - _DECLARATIONS)
        )

    def cover(self, filled: bytes) -> bool:
        """Whether ``filled``, which is well-formed, holds only these tags and text in runs."""
        tags = _TAG.findall(filled)
        return (
            self._clear
            and _FIELD not in filled
            and len(tags) == filled.count(b"<")
            and self._tags.issuperset(tags)
            and all(map(_RUN.fullmatch, _TEXT.findall(filled)))
        )
