"""Dates as letters print them (GB/T 9704-2012, 7.3.5.4: Arabic, no leading zeros)."""

from datetime import date, datetime

from schemas.months import Month
from schemas.zone import CHINA


def day_in_china(moment: datetime) -> date:
    """The calendar day of ``moment`` (aware) in Asia/Shanghai."""
    return moment.astimezone(CHINA).date()


def chinese_date(day: date) -> str:
    """``2026年3月5日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(month: Month) -> str:
    """``2026年3月``."""
    return f"{month.year}年{month.month}月"
