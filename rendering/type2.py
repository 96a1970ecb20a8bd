"""Numbers of Type 2 charstrings and of CFF (Adobe TN 5177, 3.2; TN 5176, table 3)."""

from fractions import Fraction

#: the highest number in one byte, in two, and in three
_ONE, _TWO, _THREE = 107, 1131, 32767


def number(value: int | Fraction) -> bytes:
    """``value`` as an operand; ValueError outside of 16 bits.

    A fraction is rounded to 1/65536, and is an operand of charstrings alone.
    """
    if not -_THREE <= value <= _THREE:
        raise ValueError(f"{value} is no number of a glyph")
    if int(value) != value:
        return b"\xff" + round(value * 65536).to_bytes(4, "big", signed=True)
    whole = int(value)
    size, beyond = abs(whole), abs(whole) - _ONE - 1
    if size <= _ONE:
        return bytes([whole + 139])
    if size <= _TWO:
        return bytes([(247 if whole > 0 else 251) + beyond // 256, beyond % 256])
    return b"\x1c" + whole.to_bytes(2, "big", signed=True)


def long_number(value: int) -> bytes:
    """``value`` in five bytes, whatever it is: an offset in a dictionary of CFF."""
    return b"\x1d" + value.to_bytes(4, "big", signed=True)
