"""Whom a case can be referred to."""

from enum import StrEnum


class ReferralTarget(StrEnum):
    """Whom a case is referred to (移送)."""

    LABOUR_INSPECTION = "labour_inspection"  # by the agency
    HR_DEPARTMENT = "hr_department"  # by the agency
    DISCIPLINE_INSPECTION = "discipline_inspection"  # by the agency
    POLICE = "police"  # by labour inspection
    COURT = "court"  # by the HR department
    BLACKLIST_AUTHORITY = "blacklist_authority"  # by the HR department
