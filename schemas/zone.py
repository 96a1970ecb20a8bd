"""The one time zone of the contract: every calendar day and printed time is of it."""

from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
