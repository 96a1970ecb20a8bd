"""Amounts of money as messages write them."""

from decimal import Decimal

#: Nothing owed; also the start of a sum, so that a sum always has two digits.
ZERO = Decimal("0.00")


def written(amount: Decimal) -> str:
    """``amount`` in yuan with two digits after the point, as in every message: ``3465.30``.

    ValueError where it is finer than a fen: rounding money in silence loses it.
    """
    fen = amount.quantize(Decimal("0.01"))
    if fen != amount:
        raise ValueError("an amount has at most two digits after the point")
    return f"{fen:f}"
