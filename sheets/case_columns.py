"""The columns of a case: the party, who promises repayment, and in which way."""

from dataclasses import replace

from schemas import limits
from schemas.pointers import Path
from sheets.columns import CASE_NO, Column, Form
from sheets.words import ID_TYPES, METHODS

_SAMPLE_CASE = "示例-000017"
_SAMPLE_ID = "430100194802032412"


def of_data(*steps: str | int) -> tuple[Path, ...]:
    """The one member of an event's data that a column fills."""
    return (("data", *steps),)


CASE = Column(
    heading=CASE_NO,
    longest=limits.CASE_NO,
    form=Form.DIGITS,
    paths=(("subject",), ("data", "case_no")),
    required=True,
    note="业务系统中的案件编号",
    sample=_SAMPLE_CASE,
    width=22,
)
#: in a sheet of entries it only says whose they are
LINK = replace(CASE, paths=(), note="与案件表中的案号一致")

PARTY = (
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
        longest=limits.NAME,
        paths=of_data("party", "name"),
        required=True,
        personal=True,
        note="当事人姓名",
        sample="示例甲",
    ),
    Column(
        heading="个人编号",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("party", "personal_no"),
        required=True,
        personal=True,
        sample="4301000099999",
        width=18,
    ),
    Column(
        heading="证件类型",
        form=Form.CHOICE,
        paths=of_data("party", "id_type"),
        required=True,
        words=ID_TYPES,
        note="从列表中选择",
        sample="居民身份证",
    ),
    Column(
        heading="证件号码",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("party", "id_number"),
        required=True,
        personal=True,
        note="文本格式，末位 X 大写",
        sample=_SAMPLE_ID,
        width=22,
    ),
    Column(
        heading="死亡日期",
        form=Form.DATE,
        paths=of_data("party", "died_on"),
        note="健在的不填",
        sample="2024-11-21",
    ),
    Column(
        heading="人员类别",
        longest=limits.TEXT,
        paths=of_data("party", "category"),
        required=True,
        sample="城乡居民养老保险待遇领取人员",
        width=22,
    ),
    Column(
        heading="待遇状态",
        longest=limits.TEXT,
        paths=of_data("party", "benefit_status"),
        required=True,
        note="如：终止、暂停发放",
        sample="终止",
    ),
    Column(
        heading="联系电话",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("party", "phone"),
        personal=True,
        note="当事人电话，可不填",
        width=16,
    ),
    Column(
        heading="联系地址",
        longest=limits.TEXT,
        paths=of_data("party", "address"),
        personal=True,
        note="当事人地址，可不填",
        width=24,
    ),
    Column(
        heading="基本情况",
        longest=limits.LONG_TEXT,
        paths=of_data("facts"),
        required=True,
        personal=True,
        note="印在告知书上的事实，一段话，不换行",
        sample="经与公安部门数据比对核实，该员已于2024年11月21日死亡，其亲属未及时申报。",
        width=40,
    ),
    Column(
        heading="停发起始日期",
        form=Form.DATE,
        paths=of_data("stop_from"),
        note="应停止支付或告知停发的必填",
        sample="2026-03-05",
    ),
    Column(
        heading="经办人",
        longest=limits.NAME,
        paths=of_data("handler", "name"),
        required=True,
        personal=True,
        sample="示例乙",
    ),
    Column(
        heading="经办人电话",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("handler", "phone"),
        required=True,
        personal=True,
        sample="0731-00000000",
        width=16,
    ),
)

PROMISOR = (
    Column(
        heading="承诺人姓名",
        longest=limits.NAME,
        paths=of_data("promisor", "name"),
        required=True,
        personal=True,
        note="承诺退还的人；尚不知道的，承诺人各列都不填",
    ),
    Column(
        heading="承诺人证件类型",
        form=Form.CHOICE,
        paths=of_data("promisor", "id_type"),
        required=True,
        words=ID_TYPES,
        note="从列表中选择",
        width=16,
    ),
    Column(
        heading="承诺人证件号码",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("promisor", "id_number"),
        required=True,
        personal=True,
        width=22,
    ),
    Column(
        heading="承诺人与当事人关系",
        longest=limits.TEXT,
        paths=of_data("promisor", "relation"),
        required=True,
        note="当事人自己填“本人”",
        width=20,
    ),
    Column(
        heading="承诺人电话",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("promisor", "phone"),
        required=True,
        personal=True,
        width=16,
    ),
    Column(
        heading="承诺人地址",
        longest=limits.TEXT,
        paths=of_data("promisor", "address"),
        required=True,
        personal=True,
        width=24,
    ),
    Column(
        heading="承诺人第二电话",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("promisor", "second", "phone"),
        required=True,
        personal=True,
        note="告知书第二行，可不填；要填就与第二证件号码一起填",
        width=16,
    ),
    Column(
        heading="承诺人第二证件号码",
        longest=limits.KEY,
        form=Form.DIGITS,
        paths=of_data("promisor", "second", "id_number"),
        required=True,
        personal=True,
        width=22,
    ),
)

#: the members that they fill depend on the method: ``sheets.repaying``
REPAYMENT = (
    Column(
        heading="退还方式",
        form=Form.CHOICE,
        paths=of_data("repayment", "method"),
        required=True,
        words=METHODS,
        note="尚未选择的，以下各列都不填",
    ),
    Column(
        heading="退还金额",
        form=Form.AMOUNT,
        paths=of_data("repayment", "amount"),
        note="一次性：总额；分期：每期；抵扣：每月",
    ),
    Column(
        heading="分期期数",
        form=Form.COUNT,
        paths=of_data("repayment", "periods"),
        note="仅分期退还填",
    ),
    Column(
        heading="退还开始月份",
        form=Form.MONTH,
        paths=of_data("repayment", "from"),
        note="分期、抵扣填",
    ),
    Column(
        heading="退还截止月份",
        form=Form.MONTH,
        paths=of_data("repayment", "to"),
        note="一次性：在此月前退还",
    ),
)
