"""What kinds and states are called in tables for people."""

from collections.abc import Mapping
from typing import Any

from commands.language import say
from schemas.documents import DocumentKind

_WORDS: Mapping[str, str] = {
    "recovery_notice": "追缴告知书",
    "audit_opinion": "稽核意见书",
    "stop_payment_letter": "停止支付通知书",
    "release_payment_letter": "解除止付通知书",
    "stop_withdrawal_letter": "撤回停止支付通知书",
    "suspension_notice": "停发待遇告知书（函）",
    "resumption_notice": "恢复待遇发放通知",
    "deduction_agreement": "抵扣协议",
    "repayment_agreement": "还款协议",
    "assistance_report": "救助帮扶情况报告",
    "referral_letter": "案件移送函",
    "service_record": "送达回证",
    "awaiting_approval": "待签发",
    "planned": "待制作",
    "pinned": "已盖章",
    "archived": "已归档",
    "announced": "已送出",
    "failed": "失败",
    "void": "作废",
    "open": "追缴中",
    "cleared": "已结清",
    "received": "已收",
    "applied": "已处理",
    "parked": "等待立案",
    "rejected": "已拒绝",
    "repeated": "重复",
}


def in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """``row`` with its kind and state as a person says them, in the language in force."""
    told = dict(row)
    for name in ("kind", "state"):
        code = told.get(name)
        if code is not None:
            told[name] = say(_WORDS.get(str(code), str(code)), str(code).replace("_", " "))
    return told


def words() -> Mapping[str, str]:
    """Codes of kinds and states to Chinese words; a kind that has none bears its manifest's."""
    from templates.catalogue import load  # noqa: PLC0415 -- it takes a while to load

    unnamed = [kind for kind in DocumentKind if kind.value not in _WORDS]
    return {**_WORDS, **{kind.value: load(kind).manifest.name for kind in unnamed}}
