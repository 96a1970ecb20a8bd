"""The deadlines that are watched."""

from enum import StrEnum


class DeadlineKind(StrEnum):
    """What should have happened by a day; the value is contract."""

    REPAYMENT = "repayment"  # the money of an audit opinion, by the day that it prints
    RECEIPT = "receipt"  # the bank's answer to a stop letter, in the agency's ``receipt_days``
    SERVICE = "service"  # a notice served on its recipient, in the agency's ``service_days``
