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
    # 核对存储
    "intact": "完好",
    "altered": "已改动",
    "missing": "缺失",
    "another_letter": "属别件",
    # 署名
    "agency": "经办机构",
    "labour_inspection": "劳动保障监察机构",
    "hr_department": "人社行政部门",
    # 审计日志：由谁
    "operator": "操作员",
    "apply": "处理",
    "produce": "制作",
    "relay": "发送",
    "reconcile": "核对",
    "raise": "升级",
    # 审计日志：事项
    "document_planned": "编号",
    "document_approved": "签发",
    "document_failed": "制作失败",
    "document_retried": "重新制作",
    "document_archived": "归档",
    "document_voided": "作废",
    "letter_sent": "发出",
    "receipt_recorded": "登记回执",
    "document_accepted": "照现状认可",
    "document_attached": "附上扫描件",
    "workers_end_with_document": "文书使工作进程终止",
    "document_raised": "升级印章",
    "letter_held_back": "信函暂缓发出",
    "object_not_intact": "对象不完好",
    "bank_unknown": "银行不明",
    "void_document_not_stored": "作废文书未存入",
    "agency_cannot_seal": "机构无法用印",
    "archive_without_lock": "归档库没有锁",
    "deadline_passed": "逾期",
    "order_given": "操作员下令",
    "parked_events_woken": "等待的事件已唤醒",
    "number_found_in_store": "文号只在存储中",
    "qualification_unknown": "资格不明",
    "letter_refused": "银行拒绝",
    "nobody_to_stop": "无账户可止付",
    "document_overtaken": "文书被后来的事件超越",
    "quota_bytes_used_up": "来源的字节配额用完",
    "quota_parked_used_up": "来源的等待配额用完",
    "quota_rejected_used_up": "来源的拒绝配额用完",
    "alarm_done": "报警已办",
    "archive_differs": "账本与存储不符",
    "template_faulty": "本地模板有误",
    "template_unused": "本地模板无人使用",
}
#: fields of a row that hold a code
_CODED = ("kind", "state", "issuer", "action", "actor")


def in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """``row`` with its codes as a person says them, in the language in force."""
    told = dict(row)
    for name in _CODED:
        code = told.get(name)
        if code is not None:
            told[name] = say(_WORDS.get(str(code), str(code)), str(code).replace("_", " "))
    return told


def words() -> Mapping[str, str]:
    """Codes of kinds and states to Chinese words; a kind that has none bears its manifest's."""
    from templates.catalogue import load  # noqa: PLC0415 -- it takes a while to load

    unnamed = [kind for kind in DocumentKind if kind.value not in _WORDS]
    return {**_WORDS, **{kind.value: load(kind).manifest.name for kind in unnamed}}
