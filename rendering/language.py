"""The language of a letter (ISO 32000-1, 14.9.2)."""

import re

_CATALOGUE = b"/Type/Catalog"
_LANGUAGE = re.compile(rb"/Lang\(([A-Za-z]{2}-[A-Za-z]{2})\)")
_CHINESE = b"zh-CN"


def tell_chinese(content: bytes) -> bytes:
    """LibreOffice's file, with Chinese as its language.

    It names the language of a Word file's Latin text, which has to stay English there: lines of
    Chinese text are broken within numbers. Names of languages with their region are of one length,
    so that nothing else in the file moves.
    """
    start = content.rfind(_CATALOGUE)
    named = _LANGUAGE.search(content, start, content.find(b"endobj", start)) if start >= 0 else None
    if named is None:
        return content
    return content[: named.start(1)] + _CHINESE + content[named.end(1) :]
