"""Every alarm: what it says and what to do, for people; how one ends.

``python -m schemas.jsonschema`` prints the table into docs/alarms.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AlarmKind:
    """A kind of alarm; its name is the action that the trail notes."""

    name: str
    #: what it is, Chinese and English
    zh: str
    en: str
    #: what to do about it
    advice: str
    advice_en: str
    #: the ledger knows when it is over, and closes it
    ends: bool = False
    #: the ledger knows while it is true: marked as done too early, it comes back
    returns: bool = False


_QUOTA_ADVICE = "查明该发送者为何发来这么多；确需更多的，调高 HANYIN_QUOTA_…；次日自行解除"
_QUOTA_ADVICE_EN = (
    "find out why that sender sends so much; where it has to, raise HANYIN_QUOTA_…; it ends the"
    " next day"
)


def _quota(name: str, zh: str, en: str) -> AlarmKind:
    return AlarmKind(
        name=f"{name}_used_up",
        zh=zh,
        en=en,
        advice=_QUOTA_ADVICE,
        advice_en=_QUOTA_ADVICE_EN,
        ends=True,
    )


_ALL = (
    AlarmKind(
        name="agency_cannot_seal",
        zh="机构不能用印，它的文书在等待",
        en="an agency cannot seal; its letters wait",
        advice="hanyin doctor 说明原因；改正后文书自动用印",
        advice_en="`hanyin doctor` says why; once mended, the letters are sealed by themselves",
        ends=True,
        returns=True,
    ),
    AlarmKind(
        name="archive_differs",
        zh="账本、审计日志与存储不一致，或有缺号",
        en="ledger, trail and store disagree, or numbers are missing",
        advice="hanyin archive reconcile 逐项说明怎么办；都办妥后标记完成",
        advice_en="`hanyin archive reconcile` says of each what to do; then mark this as done",
    ),
    AlarmKind(
        name="bank_unknown",
        zh="没有对应的银行，函件在 letters.unassigned",
        en="no bank of the directory is the letter's; it is in letters.unassigned",
        advice="在目录中补上该银行，把 letters.unassigned 中的函件转交它，然后标记完成",
        advice_en="add the bank to the directory, hand the letter in letters.unassigned over to it,"
        " then mark this as done",
        returns=True,
    ),
    AlarmKind(
        name="deadline_passed",
        zh="期限已过：未退款、未回执或未送达",
        en="a deadline has passed: no repayment, no receipt, or not served",
        advice="见 hanyin due；办理该事项，补上即解除",
        advice_en="see `hanyin due` and do what is due; it ends when that is recorded",
        ends=True,
        returns=True,
    ),
    AlarmKind(
        name="document_accepted",
        zh="与审计日志不符的文书被照现状认可",
        en="a document that the trail does not explain was accepted as it is",
        advice="核对是谁、为何认可（hanyin trail），然后标记完成",
        advice_en="see who accepted it and why (`hanyin trail`), then mark this as done",
    ),
    AlarmKind(
        name="document_failed",
        zh="文书制作失败",
        en="a document could not be made",
        advice="hanyin documents show 说明原因；改正后 hanyin documents retry",
        advice_en="`hanyin documents show` says why; mend it, then `hanyin documents retry`",
        ends=True,
        returns=True,
    ),
    AlarmKind(
        name="document_overtaken",
        zh="文书因同时到达的事件作废，不能自动另出",
        en="a document is void by an event of the same moment, and could not be made anew",
        advice="查看案件（hanyin case show），需要时由业务系统重新发起",
        advice_en="look at the case (`hanyin case show`); where it is still needed, have the"
        " business system ask for it again",
    ),
    AlarmKind(
        name="letter_held_back",
        zh="银行函件留在发件箱：归档的字节缺失、被改动或不是它的",
        en="a bank letter is held back: its object is missing, altered or another letter's",
        advice="hanyin archive fixity、reconcile 查明，从备份恢复；恢复后自动发出",
        advice_en="find out with `hanyin archive fixity` and `reconcile`, restore from the backup;"
        " it leaves by itself then",
        ends=True,
        returns=True,
    ),
    AlarmKind(
        name="letter_refused",
        zh="银行未执行函件",
        en="a bank did not carry a letter out",
        advice="与该银行联系（原因见 hanyin documents show），办妥后标记完成",
        advice_en="speak to the bank (`hanyin documents show` has its reason), then mark this as"
        " done",
        ends=True,
    ),
    AlarmKind(
        name="nobody_to_stop",
        zh="应停发的待遇没有写明发放卡号，未能通知银行",
        en="a benefit has to stop and nobody knows the card it is paid to",
        advice="查明卡号，用 case.corrected 补上 paid_to",
        advice_en="find out the card and send it as `paid_to` in a case.corrected",
        ends=True,
    ),
    AlarmKind(
        name="number_found_in_store",
        zh="账本恢复后，备份之后用过的文号被跳过",
        en="after a restore, a number used since the backup was skipped",
        advice="与收件方核对该文号的文书（docs/operating.md“恢复”），然后标记完成",
        advice_en="go through that letter with whoever has it (docs/operating.md, Restoring), then"
        " mark this as done",
    ),
    AlarmKind(
        name="object_not_intact",
        zh="归档的对象缺失或字节不符",
        en="an archived object is missing, or its bytes are not those on record",
        advice="hanyin archive fixity 列出；从备份恢复，再标记完成",
        advice_en="`hanyin archive fixity` lists it; restore it from the backup, then mark this as"
        " done",
    ),
    AlarmKind(
        name="parked_events_woken",
        zh="等待立案的事件在立案后被落下，已补处理",
        en="events that waited for their case had been left behind, and were taken up",
        advice="不必处理；经常出现请报告",
        advice_en="nothing; report it where it comes often",
    ),
    AlarmKind(
        name="qualification_unknown",
        zh="已结清，不知是否仍具领取资格",
        en="a case is cleared and whether benefits may resume is not known",
        advice="由经办机构决定；恢复发放的发 resumption.approved，否则标记完成",
        advice_en="let the agency decide: send a resumption.approved, or mark this as done",
        ends=True,
    ),
    _quota(
        "quota_bytes",
        "发送者当天的字节数已用完",
        "a sender has used up the bytes of the day",
    ),
    _quota(
        "quota_parked",
        "发送者当天等待立案的事件已满",
        "a sender has as many events parked today as it may",
    ),
    _quota(
        "quota_rejected",
        "发送者当天被拒绝的事件已满",
        "a sender has as many events rejected today as it may",
    ),
    AlarmKind(
        name="template_faulty",
        zh="本地模板有误，该文种的文书不制作",
        en="a template of one's own is faulty; its letters are not made",
        advice="hanyin templates lint 说明错在哪里；改正后标记完成",
        advice_en="`hanyin templates lint` says what is wrong; mend it, then mark this as done",
    ),
    AlarmKind(
        name="template_unused",
        zh="HANYIN_TEMPLATES_DIR 中有没有文书使用的文件夹或文件",
        en="a folder or file in HANYIN_TEMPLATES_DIR is used by no letter",
        advice="hanyin doctor 指出是哪个；改正名称后标记完成",
        advice_en="`hanyin doctor` names it; rename it, then mark this as done",
    ),
    AlarmKind(
        name="void_document_not_stored",
        zh="已盖章后作废的文书未能归档",
        en="a document that was void after it was sealed could not be stored",
        advice="hanyin documents show 说明原因；改正后 hanyin documents retry",
        advice_en="`hanyin documents show` says why; mend it, then `hanyin documents retry`",
        ends=True,
        returns=True,
    ),
    AlarmKind(
        name="workers_end_with_document",
        zh="制作这份文书时进程多次中断",
        en="workers have ended again and again with this document in hand",
        advice="查看内存与 LibreOffice（hanyin doctor）；制成即解除",
        advice_en="look at memory and LibreOffice (`hanyin doctor`); it ends when the document is"
        " made",
        ends=True,
    ),
)

ALARMS: Mapping[str, AlarmKind] = {kind.name: kind for kind in _ALL}


def alarm_kind(name: str) -> AlarmKind:
    """The kind of that name; of a name that this version does not know, one that says so."""
    unknown = AlarmKind(
        name=name,
        zh="此版本不认识的报警",
        en="an alarm that this version does not know",
        advice="见 hanyin trail --alarms",
        advice_en="see `hanyin trail --alarms`",
    )
    return ALARMS.get(name, unknown)


_HEAD = """\
# 报警 / Alarms

由 `python -m schemas.jsonschema` 从 `schemas/alarms.py` 生成；用法见 [operating.md](operating.md)。
Made from `schemas/alarms.py` by `python -m schemas.jsonschema`; how alarms are used is in
[operating.md](operating.md). `✓`: 账本知道它已解除，自行消失；`↻`: 尚未解除而标记完成的，再次出现。
`✓`: the ledger knows when it is over; `↻`: marked as done while it is true, it comes back.

| `alarm` | 含义 meaning | 怎么办 what to do | |
|---|---|---|---|
"""


def alarms_page() -> str:
    """docs/alarms.md."""
    return _HEAD + "".join(
        f"| `{kind.name}` | {kind.zh}<br>{kind.en} | {kind.advice}<br>{kind.advice_en} |"
        f" {'✓' * kind.ends}{'↻' * kind.returns} |\n"
        for kind in _ALL
    )
