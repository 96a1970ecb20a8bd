"""Amounts in Chinese capitals (大写) by the rules for bills (支付结算办法, 附件一).

Where the rules allow two forms the house style is: 零 after 元 when the 元 digit is 0 and 角 is
not; no 零 between 万 and 仟 when only the lowest digits of 万 are 0; 整 only without 角 and 分.
"""

from decimal import Decimal

from cases.money import ZERO, written

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
#: places within a group of four digits, highest first
_PLACES = ("仟", "佰", "拾", "")
#: groups of four digits, highest first
_GROUPS = ("亿", "万", "")
_GROUP_DIGITS = 4
#: yuan; the first amount that has no group of its own
_LIMIT = Decimal("1000000000000.00")


def in_words(amount: Decimal) -> str:
    """``amount`` (yuan, at most two digits after the point) in capitals: ``叁仟肆佰陆拾伍元叁角``.

    ValueError where it is negative, finer than a fen, or 1,000,000,000,000 and more.
    """
    if not ZERO <= amount < _LIMIT:
        raise ValueError("an amount in words is at least 0 and below 1,000,000,000,000")
    yuan, fen = written(amount).split(".")
    if int(yuan) == 0 and int(fen) == 0:
        return "零元整"
    whole = _whole(yuan)
    return whole + _fraction(fen, after_zero=yuan[-1] == "0", alone=not whole)


def _whole(yuan: str) -> str:
    """The yuan with 元 behind them; "" for 0."""
    if int(yuan) == 0:
        return ""
    digits = yuan.zfill(_GROUP_DIGITS * len(_GROUPS))
    text, skipped = "", False
    for start, name in zip(range(0, len(digits), _GROUP_DIGITS), _GROUPS, strict=True):
        group = digits[start : start + _GROUP_DIGITS]
        if int(group) == 0:
            skipped = True
            continue
        zero = "零" if text and (skipped or group[0] == "0") else ""
        text, skipped = text + zero + _group(group) + name, False
    return text + "元"


def _group(group: str) -> str:
    """Four digits, not all 0, without zeros at either end: ``0409`` → ``肆佰零玖``."""
    text, waiting = "", False
    for digit, place in zip(group, _PLACES, strict=True):
        if digit == "0":
            waiting = bool(text)
            continue
        text += ("零" if waiting else "") + _DIGITS[int(digit)] + place
        waiting = False
    return text


def _fraction(fen: str, *, after_zero: bool, alone: bool) -> str:
    """角 and 分, or 整 for neither; ``alone`` where no yuan stand before them."""
    tenth, hundredth = fen[0], fen[1]
    if fen == "00":
        return "整"
    zero = "零" if not alone and (tenth == "0" or after_zero) else ""
    return (
        zero
        + (f"{_DIGITS[int(tenth)]}角" if tenth != "0" else "")
        + (f"{_DIGITS[int(hundredth)]}分" if hundredth != "0" else "")
    )
