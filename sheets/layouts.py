"""The table of sheets: which column fills which member of the contract."""

from dataclasses import replace

from schemas.pointers import Path
from sheets.columns import CASE_NO, Column, Form, Layout
from sheets.words import ACCOUNTS, CHANNELS, GROUPS, ID_TYPES, INSURANCES, METHODS, NOTIFIED

CONFIRMED, RECORDED = "overpayment.confirmed", "repayment.recorded"
_SAMPLE_CASE = "示例-000017"
_SAMPLE_ID = "430100194802032412"
_SAMPLE_CARD = "6228480011223344554"
_SAMPLE_BANK_CODE = "103551000201"


def _data(*steps: str | int) -> tuple[Path, ...]:
    return (("data", *steps),)


_CASE = Column(
    heading=CASE_NO,
    form=Form.DIGITS,
    paths=(("subject",), ("data", "case_no")),
    required=True,
    note="业务系统中的案件编号",
    sample=_SAMPLE_CASE,
    width=22,
)
#: in a sheet of entries it only says whose they are
_LINK = replace(_CASE, paths=(), note="与案件表中的案号一致")

_PARTY = (
    Column(
        heading="核实时间",
        form=Form.MOMENT,
        paths=(("time",),),
        required=True,
        note="确认多领的日期，也可带时间：2026-03-05 09:21",
        sample="2026-03-05",
    ),
    Column(
        heading="姓名",
        paths=_data("party", "name"),
        required=True,
        personal=True,
        note="当事人姓名",
        sample="示例甲",
    ),
    Column(
        heading="个人编号",
        form=Form.DIGITS,
        paths=_data("party", "personal_no"),
        required=True,
        personal=True,
        sample="4301000099999",
        width=18,
    ),
    Column(
        heading="证件类型",
        form=Form.CHOICE,
        paths=_data("party", "id_type"),
        required=True,
        words=ID_TYPES,
        note="从列表中选择",
        sample="居民身份证",
    ),
    Column(
        heading="证件号码",
        form=Form.DIGITS,
        paths=_data("party", "id_number"),
        required=True,
        personal=True,
        note="文本格式，末位 X 大写",
        sample=_SAMPLE_ID,
        width=22,
    ),
    Column(
        heading="死亡日期",
        form=Form.DATE,
        paths=_data("party", "died_on"),
        note="健在的不填",
        sample="2024-11-21",
    ),
    Column(
        heading="人员类别",
        paths=_data("party", "category"),
        required=True,
        sample="城乡居民养老保险待遇领取人员",
        width=22,
    ),
    Column(
        heading="待遇状态",
        paths=_data("party", "benefit_status"),
        required=True,
        note="如：终止、暂停发放",
        sample="终止",
    ),
    Column(
        heading="联系电话",
        form=Form.DIGITS,
        paths=_data("party", "phone"),
        personal=True,
        note="当事人电话，可不填",
        width=16,
    ),
    Column(
        heading="联系地址",
        paths=_data("party", "address"),
        personal=True,
        note="当事人地址，可不填",
        width=24,
    ),
    Column(
        heading="基本情况",
        paths=_data("facts"),
        required=True,
        personal=True,
        note="印在告知书上的事实，一段话，不换行",
        sample="经与公安部门数据比对核实，该员已于2024年11月21日死亡，其亲属未及时申报。",
        width=40,
    ),
    Column(
        heading="停发起始日期",
        form=Form.DATE,
        paths=_data("stop_from"),
        note="应停止支付或告知停发的必填",
        sample="2026-03-05",
    ),
    Column(
        heading="经办人",
        paths=_data("handler", "name"),
        required=True,
        personal=True,
        sample="示例乙",
    ),
    Column(
        heading="经办人电话",
        form=Form.DIGITS,
        paths=_data("handler", "phone"),
        required=True,
        personal=True,
        sample="0731-00000000",
        width=16,
    ),
)

_PROMISOR = (
    Column(
        heading="承诺人姓名",
        paths=_data("promisor", "name"),
        required=True,
        personal=True,
        note="承诺退还的人；尚不知道的，承诺人各列都不填",
    ),
    Column(
        heading="承诺人证件类型",
        form=Form.CHOICE,
        paths=_data("promisor", "id_type"),
        required=True,
        words=ID_TYPES,
        note="从列表中选择",
        width=16,
    ),
    Column(
        heading="承诺人证件号码",
        form=Form.DIGITS,
        paths=_data("promisor", "id_number"),
        required=True,
        personal=True,
        width=22,
    ),
    Column(
        heading="承诺人与当事人关系",
        paths=_data("promisor", "relation"),
        required=True,
        note="当事人自己填“本人”",
        width=20,
    ),
    Column(
        heading="承诺人电话",
        form=Form.DIGITS,
        paths=_data("promisor", "phone"),
        required=True,
        personal=True,
        width=16,
    ),
    Column(
        heading="承诺人地址",
        paths=_data("promisor", "address"),
        required=True,
        personal=True,
        width=24,
    ),
    Column(
        heading="承诺人第二电话",
        form=Form.DIGITS,
        paths=_data("promisor", "second", "phone"),
        required=True,
        personal=True,
        note="告知书第二行，可不填；要填就与第二证件号码一起填",
        width=16,
    ),
    Column(
        heading="承诺人第二证件号码",
        form=Form.DIGITS,
        paths=_data("promisor", "second", "id_number"),
        required=True,
        personal=True,
        width=22,
    ),
)

#: the members that they fill depend on the method: ``sheets.repaying``
_REPAYMENT = (
    Column(
        heading="退还方式",
        form=Form.CHOICE,
        paths=_data("repayment", "method"),
        required=True,
        words=METHODS,
        note="尚未选择的，以下各列都不填",
    ),
    Column(
        heading="退还金额",
        form=Form.AMOUNT,
        paths=_data("repayment", "amount"),
        note="一次性：总额；分期：每期；抵扣：每月",
    ),
    Column(
        heading="分期期数",
        form=Form.COUNT,
        paths=_data("repayment", "periods"),
        note="仅分期退还填",
    ),
    Column(
        heading="退还开始月份",
        form=Form.MONTH,
        paths=_data("repayment", "from"),
        note="分期、抵扣填",
    ),
    Column(
        heading="退还截止月份",
        form=Form.MONTH,
        paths=_data("repayment", "to"),
        note="一次性：在此月前退还",
    ),
)

_OVERPAYMENT = (
    Column(
        heading="险种",
        form=Form.CHOICE,
        paths=(("insurance",),),
        required=True,
        words=INSURANCES,
        note="从列表中选择",
        sample="城乡居民基本养老保险",
        width=22,
    ),
    Column(
        heading="待遇类别",
        paths=(("benefit",),),
        required=True,
        sample="城乡居民基本养老金",
        width=20,
    ),
    Column(
        heading="多领开始月份",
        form=Form.MONTH,
        paths=(("from",),),
        required=True,
        note="如 2024-12 或 2024年12月",
        sample="2024-12",
    ),
    Column(
        heading="多领截止月份",
        form=Form.MONTH,
        paths=(("to",),),
        required=True,
        sample="2026-02",
    ),
    Column(
        heading="多领金额",
        form=Form.AMOUNT,
        paths=(("amount",),),
        required=True,
        note="元，最多两位小数",
        sample="3465.30",
    ),
    Column(heading="多领原因", paths=(("reason",),), sample="死亡后未及时申报终止", width=22),
    Column(
        heading="丧失领取资格",
        form=Form.FLAG,
        paths=(("entitlement_lost",),),
        required=True,
        note="是 / 否",
        sample="是",
    ),
    Column(
        heading="仍在发放",
        form=Form.FLAG,
        paths=(("still_paid",),),
        required=True,
        note="是 / 否；两者都为“是”的将通知银行停止支付",
        sample="是",
    ),
)
_PAID_TO = Column(
    heading="发放账号",
    form=Form.DIGITS,
    paths=(("paid_to",),),
    personal=True,
    note="文本格式，须在发放卡（折）表中；不明的不填",
    sample=_SAMPLE_CARD,
    width=26,
)

_CARD = (
    Column(
        heading="联行号",
        form=Form.DIGITS,
        paths=(("bank_code",),),
        required=True,
        note="12 位，文本格式",
        sample=_SAMPLE_BANK_CODE,
        width=16,
    ),
    Column(
        heading="银行全称",
        paths=(("bank_name",),),
        required=True,
        sample="中国农业银行股份有限公司长沙雨花支行",
        width=36,
    ),
    Column(
        heading="账户类型",
        form=Form.CHOICE,
        paths=(("account_type",),),
        required=True,
        words=ACCOUNTS,
        note="卡 / 折",
        sample="卡",
    ),
    Column(
        heading="户名", paths=(("account_name",),), required=True, personal=True, sample="示例甲"
    ),
)
_ACCOUNT = Column(
    heading="账号",
    form=Form.DIGITS,
    paths=(("account_number",),),
    required=True,
    personal=True,
    note="文本格式，8 至 32 位数字",
    sample=_SAMPLE_CARD,
    width=26,
)

_NOTIFIED = (
    Column(
        heading="告知对象类型",
        form=Form.CHOICE,
        paths=(("kind",),),
        required=True,
        words=NOTIFIED,
        note="近亲属 / 单位 / 社区（村）",
        sample="近亲属",
    ),
    Column(
        heading="告知对象名称",
        paths=(("name",),),
        required=True,
        personal=True,
        note="近亲属填姓名，其他填全称",
        sample="示例丙",
        width=24,
    ),
    Column(
        heading="告知对象与当事人关系",
        paths=(("relation",),),
        note="仅近亲属填",
        sample="女儿",
        width=22,
    ),
    Column(
        heading="告知对象地址",
        paths=(("address",),),
        required=True,
        personal=True,
        sample="湖南省长沙市雨花区某某街道某某小区1栋",
        width=36,
    ),
)

_GROUP = (
    Column(
        heading="群体类别",
        form=Form.CHOICE,
        paths=(("code",),),
        required=True,
        words=GROUPS,
        note="困难、特殊群体，从列表中选择",
        sample="低保对象",
        width=30,
    ),
    Column(heading="认定部门", paths=(("issuer",),), sample="某某区民政局", width=22),
    Column(heading="认定文件", paths=(("document",),), sample="低保证 MZ-2023-0311", width=22),
    Column(heading="认定日期", form=Form.DATE, paths=(("date",),), sample="2023-03-11"),
)

CASES = Layout(
    name="案件",
    event=CONFIRMED,
    columns=(_CASE, *_PARTY, *_PROMISOR, *_REPAYMENT),
    blocks=(("data", "promisor"), ("data", "promisor", "second"), ("data", "repayment")),
    note="每个案件一行。多领的待遇、发放卡（折）、告知对象、困难群体在各自的表中以案号对应。",
)
OVERPAYMENTS = Layout(
    name="多领待遇",
    event=CONFIRMED,
    columns=(_LINK, *_OVERPAYMENT, _PAID_TO),
    entry_of=("data", "overpayments"),
    note="每项多领的待遇一行；每个案件至少一行。",
)
CARDS = Layout(
    name="发放卡（折）",
    event=CONFIRMED,
    columns=(_LINK, *_CARD, _ACCOUNT),
    entry_of=("data", "benefit_cards"),
    note="发放待遇的每张卡（折）一行。",
)
NOTIFY = Layout(
    name="告知对象",
    event=CONFIRMED,
    columns=(_LINK, *_NOTIFIED),
    entry_of=("data", "notify"),
    note="需要告知停发的每个近亲属、单位、社区（村）一行。",
)
GROUPS_OF = Layout(
    name="困难群体",
    event=CONFIRMED,
    columns=(_LINK, *_GROUP),
    entry_of=("data", "party", "groups"),
    note="当事人属于困难或特殊群体的，每类一行。",
)
REPAYMENTS = Layout(
    name="还款",
    event=RECORDED,
    columns=(
        _CASE,
        Column(
            heading="收据号",
            form=Form.DIGITS,
            paths=_data("receipt_no"),
            required=True,
            note="同一案件中不得重复",
            sample="CZZH-20260619-0031",
            width=22,
        ),
        Column(
            heading="还款金额",
            form=Form.AMOUNT,
            paths=_data("amount"),
            required=True,
            note="元，最多两位小数",
            sample="1465.30",
        ),
        Column(
            heading="收款日期",
            form=Form.DATE,
            paths=_data("received_on"),
            required=True,
            note="如 2026-06-19",
            sample="2026-06-19",
        ),
        Column(
            heading="存入财政专户日期",
            form=Form.DATE,
            paths=_data("deposited_on"),
            note="尚未存入的不填",
            width=18,
        ),
        Column(
            heading="还款渠道",
            form=Form.CHOICE,
            paths=_data("channel"),
            required=True,
            words=CHANNELS,
            note="从列表中选择",
            sample="银行转账",
        ),
        Column(
            heading="付款人",
            paths=_data("payer"),
            required=True,
            personal=True,
            sample="示例丙",
        ),
        Column(
            heading="仍具备领取资格",
            form=Form.FLAG,
            paths=_data("still_qualified"),
            note="是 / 否；不明的不填",
            width=16,
        ),
        Column(
            heading="登记时间",
            form=Form.MOMENT,
            paths=(("time",),),
            note="不填即收款日期",
            width=18,
        ),
    ),
    note="每笔收到的还款一行，与案件表无关：案件以前已经立案的，只填这张表。",
)


def _moved(columns: tuple[Column, ...], base: Path) -> tuple[Column, ...]:
    """The columns of entries, as those of the one entry at ``base``."""
    return tuple(
        replace(column, paths=tuple((*base, *path) for path in column.paths)) for column in columns
    )


_FIRST_CARD: Path = ("data", "benefit_cards", 0)
_FIRST_BENEFIT: Path = ("data", "overpayments", 0)
_FIRST_NOTIFIED: Path = ("data", "notify", 0)
_FIRST_GROUP: Path = ("data", "party", "groups", 0)
#: one overpayment, at most one card, one to be told and one group: a row is a case
SIMPLE = Layout(
    name="案件（简表）",
    event=CONFIRMED,
    columns=(
        _CASE,
        *_PARTY,
        *_moved(_OVERPAYMENT, _FIRST_BENEFIT),
        *_moved(_CARD, _FIRST_CARD),
        replace(
            _ACCOUNT,
            paths=((*_FIRST_CARD, "account_number"), (*_FIRST_BENEFIT, "paid_to")),
            note="发放账号，8 至 32 位数字；不明的，银行各列都不填",
        ),
        *_moved(_NOTIFIED, _FIRST_NOTIFIED),
        *_moved(_GROUP, _FIRST_GROUP),
        *_PROMISOR,
        *_REPAYMENT,
    ),
    blocks=(_FIRST_CARD, _FIRST_NOTIFIED, _FIRST_GROUP, *CASES.blocks),
    note="每个案件一行，一项待遇、一张卡（折）、一个告知对象。",
)

#: the sheets of the XLSX template, in their order
WORKBOOK = (CASES, OVERPAYMENTS, CARDS, NOTIFY, GROUPS_OF, REPAYMENTS)
#: what a CSV file, or the only sheet of a workbook, may be
ALONE = (SIMPLE, REPAYMENTS)
#: the template's pages that hold no data
EXPLANATION, WORDS = "填写说明", "代码表"
