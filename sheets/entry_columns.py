"""The columns of a case's lists: overpayments, cards, whom to notify, groups."""

from schemas import limits
from sheets.columns import Column, Form
from sheets.words import ACCOUNTS, GROUPS, INSURANCES
from sheets.words import NOTIFIED as KINDS_NOTIFIED

_SAMPLE_CARD = "6228480011223344554"
_SAMPLE_BANK_CODE = "103551000201"

OVERPAYMENT = (
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
        longest=limits.TEXT,
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
    Column(
        heading="多领原因",
        longest=limits.TEXT,
        paths=(("reason",),),
        sample="死亡后未及时申报终止",
        width=22,
    ),
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
PAID_TO = Column(
    heading="发放账号",
    longest=limits.ACCOUNT_NUMBER,
    form=Form.DIGITS,
    paths=(("paid_to",),),
    personal=True,
    note="文本格式，须在发放卡（折）表中；不明的不填",
    sample=_SAMPLE_CARD,
    width=26,
)

CARD = (
    Column(
        heading="联行号",
        longest=limits.BANK_CODE,
        form=Form.DIGITS,
        paths=(("bank_code",),),
        required=True,
        note="12 位，文本格式",
        sample=_SAMPLE_BANK_CODE,
        width=16,
    ),
    Column(
        heading="银行全称",
        longest=limits.TEXT,
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
        heading="户名",
        longest=limits.NAME,
        paths=(("account_name",),),
        required=True,
        personal=True,
        sample="示例甲",
    ),
)
ACCOUNT = Column(
    heading="账号",
    longest=limits.ACCOUNT_NUMBER,
    form=Form.DIGITS,
    paths=(("account_number",),),
    required=True,
    personal=True,
    note="文本格式，8 至 32 位数字",
    sample=_SAMPLE_CARD,
    width=26,
)

NOTIFIED = (
    Column(
        heading="告知对象类型",
        form=Form.CHOICE,
        paths=(("kind",),),
        required=True,
        words=KINDS_NOTIFIED,
        note="近亲属 / 单位 / 社区（村）",
        sample="近亲属",
    ),
    Column(
        heading="告知对象名称",
        longest=limits.TEXT,
        paths=(("name",),),
        required=True,
        personal=True,
        note="近亲属填姓名，其他填全称",
        sample="示例丙",
        width=24,
    ),
    Column(
        heading="告知对象与当事人关系",
        longest=limits.TEXT,
        paths=(("relation",),),
        note="仅近亲属填",
        sample="女儿",
        width=22,
    ),
    Column(
        heading="告知对象地址",
        longest=limits.TEXT,
        paths=(("address",),),
        required=True,
        personal=True,
        sample="湖南省长沙市雨花区某某街道某某小区1栋",
        width=36,
    ),
)

GROUP = (
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
    Column(
        heading="认定部门",
        longest=limits.TEXT,
        paths=(("issuer",),),
        sample="某某区民政局",
        width=22,
    ),
    Column(
        heading="认定文件",
        longest=limits.TEXT,
        paths=(("document",),),
        sample="低保证 MZ-2023-0311",
        width=22,
    ),
    Column(heading="认定日期", form=Form.DATE, paths=(("date",),), sample="2023-03-11"),
)
