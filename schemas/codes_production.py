"""Codes of the work on events and documents: what an operator is told."""

from schemas.code import Code

PRODUCTION_CODES = (
    Code(
        name="processing_failed",
        meaning="the event ended or broke its worker several times and was set aside",
        zh="事件处理 {attempts} 次均未完成，已搁置；请保留原文并报告，修复后可重放",
        en="Processing failed {attempts} times; the event is set aside: report, replay later.",
    ),
    Code(
        name="not_storable",
        meaning="a value of the event cannot be stored or computed with; report it with the event",
        zh="事件含有无法保存或计算的值（{reason}）；请保留原文并报告",
        en="A value of the event cannot be stored or computed with ({reason}): report it.",
    ),
    Code(
        name="quota_parked",
        meaning="the sender has as many events waiting for cases, in all or for this one, as a day"
        " allows (HANYIN_QUOTA_PARKED, HANYIN_QUOTA_PARKED_CASE); send it when the case has opened",
        zh="今日等待立案的事件已达上限 {limit}；请在立案之后或次日重发",
        en="As many events wait for their cases as a day allows ({limit}); send it again later.",
    ),
    Code(
        name="quota_rejected",
        meaning="so many of the sender's events, in all or for this case, were rejected today that"
        " no more are looked at (HANYIN_QUOTA_REJECTED, HANYIN_QUOTA_REJECTED_CASE)",
        zh="今日被拒绝的事件已达上限 {limit}，此后的不再处理；请改正后次日重发",
        en="{limit} events were rejected today, more are not looked at; send it again tomorrow.",
    ),
    Code(
        name="quota_bytes",
        meaning="the sender has sent as many bytes as a day allows (HANYIN_QUOTA_BYTES); head, size"
        " and digest of the event are kept",
        zh="今日发送的字节数已达上限 {limit}；请次日重发",
        en="As many bytes were sent as a day allows ({limit}); send it again tomorrow.",
    ),
    Code(
        name="parked_expired",
        meaning="the case did not open within HANYIN_PARKED_DAYS; the event may be sent again",
        zh="等待立案超过 {days} 天，案件未立；立案后可重发",
        en="The case has not opened within {days} days; send the event again when it has.",
    ),
    Code(
        name="attempts_used_up",
        meaning="the document ended or broke its worker several times and was set aside",
        zh="文书制作 {attempts} 次均未完成，已搁置；查明原因后重试",
        en="Making the document failed {attempts} times; find out why, then retry it.",
    ),
    Code(
        name="letter_not_its_own",
        meaning="the object that the ledger names for this number is another's: not handed out",
        zh="台账为 {number} 所指的对象不是该文书（实为 {found}），未交付；"
        "用 hanyin archive fixity 和 reconcile 查明谁改了台账",
        en="The object that the ledger names for {number} is not that letter (found: {found}) and"
        " was not handed out; who changed the ledger? See `hanyin archive fixity`, `reconcile`.",
    ),
    Code(
        name="server_away",
        meaning="a server that the document needs is away; it is tried again by itself",
        zh="所需服务暂不可用，将自动重试：{what}",
        en="A server is away; tried again by itself: {what}",
    ),
    Code(
        name="misconfigured",
        meaning="a setting or key that the document needs is wrong",
        zh="设置有误，改正后重试：{what}",
        en="The set-up is wrong; mend it, then retry: {what}",
    ),
    Code(
        name="seal_not_verified",
        meaning="the sealed document did not pass its own verification and was not stored",
        zh="用印后的文书未通过验证（{reasons}），未归档",
        en="The sealed document failed its verification ({reasons}) and was not stored.",
    ),
    Code(
        name="template_faulty",
        meaning="the agency's own template (HANYIN_TEMPLATES_DIR) has faults, so none of its"
        " letters of that kind is made; mend it, start `hanyin work` anew, retry the letters",
        zh="模板 {template} 有误，未使用：{what_zh}。"
        "改正后重新启动 hanyin work，再 hanyin documents retry",
        en="Template {template} is faulty and was not used: {what} Correct it, restart"
        " `hanyin work`, then `hanyin documents retry`.",
    ),
    Code(
        name="template_failed",
        meaning="the template asks for something that the document's data lacks",
        zh="模板 {template} 无法填写（{reason}）；请用 hanyin templates lint 检查",
        en="Template {template} cannot be filled ({reason}); see `hanyin templates lint`.",
    ),
    Code(
        name="conversion_failed",
        meaning="Typst or LibreOffice could not convert the document, or died of it",
        zh="排版程序未能转换（{reason}）",
        en="The document could not be laid out ({reason}).",
    ),
    Code(
        name="rendering_unsound",
        meaning="the converted file is not a sound letter: not PDF/A, a font or text missing",
        zh="转换结果不合要求：{reason}",
        en="The converted file is not a sound letter: {reason}.",
    ),
    Code(
        name="conversion_timeout",
        meaning="Typst or LibreOffice took longer than HANYIN_CONVERSION_SECONDS and was ended",
        zh="排版超过 {seconds} 秒，已终止",
        en="Laying the document out took longer than {seconds} seconds and was ended.",
    ),
)
