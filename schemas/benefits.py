"""What is known of a benefit by its name."""

#: words in the names of benefits that are paid once, not each month
_ONCE = ("丧葬", "一次性")


def is_paid_once(benefit: str) -> bool:
    """Whether a benefit of this name is one payment: 丧葬补助金, 一次性抚恤金."""
    return any(word in benefit for word in _ONCE)
