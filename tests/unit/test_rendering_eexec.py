"""What fontTools enciphers is read again, whatever its length."""

import random

import pytest
from fontTools.misc import eexec

from rendering.eexec import FILE_KEY, GLYPH_KEY, decrypted


@pytest.mark.parametrize("key", [FILE_KEY, GLYPH_KEY])
@pytest.mark.parametrize(
    "length", [0, 1, 63, 64, 300, 2043, 2044, 2045, 2107, 2108, 2109, 5000, 64 * 128, 100_001]
)
def test_what_was_enciphered_is_told(length: int, key: int) -> None:
    told = random.Random(length).randbytes(length)
    assert decrypted(eexec.encrypt(b"lead" + told, key)[0], key) == told


def test_less_than_the_lead_says_nothing() -> None:
    assert decrypted(b"", FILE_KEY) == decrypted(b"abc", FILE_KEY) == b""
