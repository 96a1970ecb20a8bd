"""What the documents are called in Chinese (湘人社规〔2022〕30号 and its annexes)."""

from schemas.documents import DocumentKind, RecipientRole

#: kind → its name; a suspension notice bears 书 or 函 by whom it goes to: ``title_of``
TITLES: dict[DocumentKind, str] = {
    DocumentKind.RECOVERY_NOTICE: "多领社会保险待遇追缴告知书",
    DocumentKind.AUDIT_OPINION: "社会保险稽核意见书",
    DocumentKind.STOP_PAYMENT_LETTER: "停止支付通知书",
    DocumentKind.RELEASE_PAYMENT_LETTER: "解除止付通知书",
    DocumentKind.STOP_WITHDRAWAL_LETTER: "撤回停止支付通知书",
    DocumentKind.SUSPENSION_NOTICE: "停发待遇告知书（函）",
    DocumentKind.RESUMPTION_NOTICE: "恢复待遇发放通知",
    DocumentKind.DEDUCTION_AGREEMENT: "抵扣协议",
    DocumentKind.REPAYMENT_AGREEMENT: "还款协议",
    DocumentKind.ASSISTANCE_REPORT: "救助帮扶情况报告",
    DocumentKind.REFERRAL_LETTER: "案件移送函",
    DocumentKind.SERVICE_RECORD: "送达回证",
}


def title_of(kind: DocumentKind, role: RecipientRole) -> str:
    """What stands above a document of ``kind`` to somebody of that ``role``."""
    if kind is DocumentKind.SUSPENSION_NOTICE:
        return "停发待遇告知书" if role is RecipientRole.RELATIVE else "停发待遇告知函"
    return TITLES[kind]
