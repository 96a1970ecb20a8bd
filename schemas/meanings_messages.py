"""What the members of messages mean, with an example each; of those of events: ``meanings``."""

from collections.abc import Mapping

from schemas.meaning import Meaning

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ID = "0199d1f0-7c3e-7c11-9a55-4f0a6b1c2d3e"

MESSAGE_MEANINGS: Mapping[str, Meaning] = {
    "document_id": Meaning("The document's id; what a bank's receipt calls reference.", _ID),
    "recipient": Meaning("Whom the document goes to; never a name."),
    "role": Meaning("Who that is.", "party"),
    "caused_by": Meaning("The event that this follows from."),
    "CausedBy.source": Meaning("That event's source.", "/hunan/430111/benefits"),
    "CausedBy.id": Meaning("That event's id.", "430111-2026-000017-01"),
    "issued_on": Meaning("成文日期, printed on the document.", "2026-03-05"),
    "sealed_at": Meaning("When it was sealed.", "2026-03-05T09:21:30+08:00"),
    "replaces": Meaning(
        "文号 of the void document that it stands in for.", "稽（待遇）字〔2026〕第1号"
    ),
    "sha256": Meaning("SHA-256 of the PDF, lower-case hex.", _SHA256),
    "bytes": Meaning("Bytes of the PDF.", 98765),
    "pages": Meaning("Pages of the PDF.", 2),
    "storage_key": Meaning("Where the archive has it.", f"430111/2026/{_ID}/{_SHA256}.pdf"),
    "version_id": Meaning("The store's version id; null where it has none.", "3HL4kqtJlcpXroDT"),
    "certificate": Meaning("The certificate that it is sealed with."),
    "MessageCertificate.subject": Meaning("Its subject.", "CN=雨花区社会保险经办机构,C=CN"),
    "serial": Meaning("Its serial number, decimal digits.", "4711"),
    "retain_until": Meaning("The archive keeps it at least until then.", "2057-01-01"),
    "DocumentVoided.reason": Meaning("作废事由, as in the register.", "主送单位有误"),
    "MessageApprover.name": Meaning("Who approved it.", "李科长"),
    "replaced_by": Meaning("文号 of what stands in for it.", "稽（待遇）字〔2026〕第9号"),
    "code": Meaning("One of docs/codes.md.", "glyph_missing"),
    "message": Meaning(
        "What is wrong and what to do, Chinese.", "字符 U+2BDF7 在本机字体中没有字形"
    ),
    "message_en": Meaning("The same in English.", "No font here has the character U+2BDF7."),
    "attempts": Meaning("How often it was tried.", 1),
    "final": Meaning("Whether trying again without a change cannot help.", True),
    "DeadlinePassed.deadline": Meaning("Which deadline has passed.", "repayment"),
    "last_day": Meaning("The last day on which it would have been in time.", "2026-07-15"),
    "outstanding": Meaning("未还余额 in yuan; null where it is not about money.", "2000.00"),
    "state": Meaning("Where the case is.", "open"),
    "overpaid": Meaning("多领合计 in yuan.", "3465.30"),
    "recovered": Meaning("已追回 in yuan.", "1465.30"),
    "measures": Meaning("What is in force in the case.", ["stop_payment"]),
    "cleared_on": Meaning("The day on which the last of it came.", "2026-07-03"),
    "LetterIssued.kind": Meaning("Which letter it is.", "stop_payment_letter"),
    "LetterWithdrawn.kind": Meaning("Which letter it is.", "stop_withdrawal_letter"),
    "releases": Meaning("The stop letter that it releases."),
    "withdraws": Meaning("The stop letter that it withdraws."),
    "content_type": Meaning("What the content is.", "application/pdf"),
    "content_base64": Meaning("The sealed PDF in base64; compare sha256 first.", "JVBERi0xLjcK"),
    "event": Meaning("The event that was rejected, as far as its envelope can be read."),
    "errors": Meaning("All reasons, at least one."),
    "RejectedEvent.source": Meaning(
        "Its source; null where it cannot be read.", "/hunan/430111/benefits"
    ),
    "RejectedEvent.id": Meaning(
        "Its id; SHA-256 of the message where that cannot be read.", "430111-2026-000017-09"
    ),
    "RejectedEvent.type": Meaning(
        "Its type; null where it cannot be read.", "hanyin.repayment.recorded.v1"
    ),
    "pointer": Meaning("JSON pointer (RFC 6901) into the event.", "/data/amount"),
    "MessageProblem.code": Meaning("One of docs/codes.md.", "exceeds_outstanding"),
}
