# ruff: noqa: E501 -- a summary is one line of help
"""Every command: where its function is, and what the help of its group says of it.

That is the first paragraph of the function's docstring (a test compares them): help and TAB read
this table, because loading all commands takes seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """A command or a group of commands."""

    #: 中文 / English
    summary: str
    #: ``module:function``; "" for a group that does nothing by itself
    place: str = ""
    #: what a group holds, by name
    commands: Mapping[str, "Entry"] = field(default_factory=dict)


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry(
        "用虚构案件演示全过程 / Run the main job on made-up cases, embedded, in HANYIN_HOME/demo.",
        "commands.demo:demo",
    ),
    "work": Entry(
        "运行各工作进程 / Run the workers: receive, apply, produce, relay, reconcile.",
        "commands.work:work",
    ),
    "publish": Entry(
        "发布案件事件 / Publish case events; all are valid, or none is sent.",
        "commands.publish:publish",
    ),
    "register": Entry(
        "发文登记簿 / The document register, in order of agency, series, year and number.",
        "commands.register:register",
    ),
    "ledger": Entry(
        "台账：日期内有变动的案件，金额为当前值 / The cases that an event changed in those days.",
        "commands.case_ledger:ledger",
    ),
    "service": Entry(
        "送达清单：按成文日期 / Which documents were served, by date of issue.",
        "commands.service:service",
    ),
    "receipts": Entry(
        "银行回执待收清单：按发出日期 / Letters that no bank has answered, by the day they left.",
        "commands.receipts:receipts",
    ),
    "due": Entry(
        "逾期事项：按期限届满日 / Deadlines that have passed and were not met, by their last day.",
        "commands.due:due",
    ),
    "trail": Entry(
        "审计日志：何时、由谁、做了什么 / The audit trail: what was done, by whom, when.",
        "commands.trail:trail",
    ),
    "alarms": Entry(
        "报警 / alarms",
        "commands.alarms:alarms",
        commands={
            "done": Entry(
                "标记为已办；仍未解除的会再次出现 / Mark as done; what is still true comes back.",
                "commands.alarms:done",
            ),
            "test": Entry(
                "向 HANYIN_ALARM_URL 发送一次试验 / Send a trial to HANYIN_ALARM_URL.",
                "commands.alarms:trial",
            ),
        },
    ),
    "verify": Entry(
        "验证真伪：是否真实、由谁签章 / Whether a letter is genuine, and whose.",
        "commands.verify:verify",
    ),
    "doctor": Entry(
        "检查运行环境和各经办机构的设置 / Check what the work needs, and each agency's settings.",
        "commands.doctor:doctor",
    ),
    "migrate": Entry(
        "升级账本的表结构并声明队列 / Bring the ledger's tables up to date; declare the queues.",
        "commands.migrate:migrate",
    ),
    "bench": Entry(
        "测量本机速度：须是空的安装 / Measure this installation; it must be empty.",
        "commands.bench:bench",
    ),
    "case": Entry(
        "案件 / cases",
        "",
        commands={
            "show": Entry(
                "一个案件：金额、还款、文书 / One case: money, repayments, documents.",
                "commands.case:show",
            ),
        },
    ),
    "events": Entry(
        "事件 / events",
        "",
        commands={
            "list": Entry("全部事件 / All events.", "commands.events:list_"),
            "rejected": Entry(
                "被拒绝的事件及原因 / Rejected events with the reasons.", "commands.events:rejected"
            ),
            "parked": Entry(
                "等待立案的事件 / Events that wait for their case.", "commands.events:parked"
            ),
            "replay": Entry(
                "被拒绝的事件重新处理 / Take rejected events once more, as they were.",
                "commands.events:replay",
            ),
            "show": Entry(
                "取出事件原文，无论新旧 / Write an event's bytes as they came, however old it is.",
                "commands.events:show",
            ),
        },
    ),
    "documents": Entry(
        "文书 / documents",
        "",
        commands={
            "list": Entry("列出文书 / List documents.", "commands.documents:list_"),
            "show": Entry(
                "一份文书的全部记录 / Everything on record about one document.",
                "commands.documents:show",
            ),
            "get": Entry(
                "取出已归档的文书或其附件 / Fetch archived documents or attachments, their digests checked.",
                "commands.getting:get",
            ),
            "approve": Entry(
                "签发：待签发的文书交付制作 / Approve: let documents go that wait for it; all or none.",
                "commands.approving:approve",
            ),
            "attach": Entry(
                "附上签字后交回的扫描件 / Attach a scan of a copy signed by hand; the same twice is one.",
                "commands.attaching:attach",
            ),
            "retry": Entry(
                "失败的文书重新制作 / Let failed documents be made again.",
                "commands.retrying:retry",
            ),
            "void": Entry(
                "文书作废；银行已有的止付通知另行撤回 / Void a document; a stop letter sent is withdrawn.",
                "commands.voiding:void",
            ),
        },
    ),
    "archive": Entry(
        "归档库 / the archive",
        "",
        commands={
            "probe": Entry(
                "用一分钟的锁在真实存储上验证不可删除 / Prove the lock on the real store, for a minute.",
                "commands.archive:probe",
            ),
            "fixity": Entry(
                "重新读取已归档文书并核对摘要与印章 / Read what is archived again; compare digests and seals.",
                "commands.archive:fixity",
            ),
            "reconcile": Entry(
                "核对账本、审计日志与存储，说明每一处差异 / Compare ledger, trail and store.",
                "commands.stocktaking:reconcile",
            ),
            "raise": Entry(
                "补足或续加时间戳与验证数据 / Add the time stamps and validation data that seals lack.",
                "commands.archive:raise_",
            ),
        },
    ),
    "templates": Entry(
        "模板 / the templates",
        "",
        commands={
            "lint": Entry(
                "检查模板：变量、书签、字体、链接 / Check templates before a letter shows the fault.",
                "commands.templates:lint",
            ),
            "preview": Entry(
                "用示例数据生成一件文书 / Render a kind's sample data.",
                "commands.templates:preview",
            ),
            "render": Entry(
                "用 JSON 数据填写模板，不编号、不盖章 / Fill a template from a file; no ledger, no seal.",
                "commands.templates:render",
            ),
            "copy": Entry(
                "复制随附的模板，供本地修改 / Copy a shipped template, to be changed for an agency or for all.",
                "commands.own_templates:copy",
            ),
            "diff": Entry(
                "对照随附的模板：文字、表格、manifest / Compare own templates with the shipped ones.",
                "commands.own_templates:diff",
            ),
        },
    ),
    "keys": Entry(
        "密钥 / keys",
        "",
        commands={
            "show": Entry(
                "各机构及其署名部门的证书、剩余天数 / Each agency's and body's certificate, its days left.",
                "commands.keys:show",
            ),
            "import": Entry(
                "检查并存好密钥，给出要写的设置 / Check and store a key; print what to set.",
                "commands.keys:import_",
            ),
            "demo": Entry(
                "演示机构的根证书（PEM），供别处验证 / The demo authority's root, to verify elsewhere.",
                "commands.keys:demo",
            ),
        },
    ),
}
