"""Why a document is withdrawn, for those who may not read the reason itself."""

from enum import StrEnum


class PublicReason(StrEnum):
    """Why a stop letter is withdrawn, as the bank reads it."""

    WRONG_ACCOUNT = "wrong_account"  # 账户信息有误
    WRONG_FACTS = "wrong_facts"  # 有关情况经复核有变化
    WRONG_TEXT = "wrong_text"  # 原件文字有误
    RESOLVED = "resolved"  # 有关事项已另行处理
