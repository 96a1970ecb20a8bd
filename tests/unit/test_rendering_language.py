"""Every letter says that it is in Chinese."""

import pytest

from rendering.language import tell_chinese

_FILE = (
    b"1 0 obj\n<</Lang(en-US)>>\nendobj\n2 0 obj\n<</Type/Catalog\n/Lang(%s)\n/A 1 0 R>>\nendobj\n"
)


@pytest.mark.parametrize("language", [b"en-US", b"en-GB", b"zh-CN", b"de-DE"])
def test_the_catalogue_names_chinese(language: bytes) -> None:
    assert tell_chinese(_FILE % language) == _FILE % b"zh-CN"


@pytest.mark.parametrize(
    "content",
    [b"", b"no file", _FILE % b"en", _FILE % b"zh-Hans-CN", b"<</Type/Catalog>>endobj/Lang(en-US)"],
)
def test_nothing_is_moved(content: bytes) -> None:
    assert tell_chinese(content) == content
