"""The table of sheets: which columns each has, and which members of the contract they fill."""

from dataclasses import replace

from schemas import limits
from schemas.pointers import Path
from sheets.case_columns import CASE, LINK, PARTY, PROMISOR, REPAYMENT, of_data
from sheets.columns import Column, Form, Layout
from sheets.entry_columns import ACCOUNT, CARD, GROUP, NOTIFIED, OVERPAYMENT, PAID_TO
from sheets.words import CHANNELS

CONFIRMED, RECORDED = "overpayment.confirmed", "repayment.recorded"

CASES = Layout(
    name="案件",
    event=CONFIRMED,
    columns=(CASE, *PARTY, *PROMISOR, *REPAYMENT),
    blocks=(("data", "promisor"), ("data", "promisor", "second"), ("data", "repayment")),
    note="每个案件一行。多领的待遇、发放卡（折）、告知对象、困难群体在各自的表中以案号对应。",
)
OVERPAYMENTS = Layout(
    name="多领待遇",
    event=CONFIRMED,
    columns=(LINK, *OVERPAYMENT, PAID_TO),
    entry_of=("data", "overpayments"),
    note="每项多领的待遇一行；每个案件至少一行。",
)
CARDS = Layout(
    name="发放卡（折）",
    event=CONFIRMED,
    columns=(LINK, *CARD, ACCOUNT),
    entry_of=("data", "benefit_cards"),
    note="发放待遇的每张卡（折）一行。",
)
NOTIFY = Layout(
    name="告知对象",
    event=CONFIRMED,
    columns=(LINK, *NOTIFIED),
    entry_of=("data", "notify"),
    note="需要告知停发的每个近亲属、单位、社区（村）一行。",
)
GROUPS_OF = Layout(
    name="困难群体",
    event=CONFIRMED,
    columns=(LINK, *GROUP),
    entry_of=("data", "party", "groups"),
    note="当事人属于困难或特殊群体的，每类一行。",
)
REPAYMENTS = Layout(
    name="还款",
    event=RECORDED,
    columns=(
        CASE,
        Column(
            heading="收据号",
            longest=limits.KEY,
            form=Form.DIGITS,
            paths=of_data("receipt_no"),
            required=True,
            note="同一案件中不得重复",
            sample="CZZH-20260619-0031",
            width=22,
        ),
        Column(
            heading="还款金额",
            form=Form.AMOUNT,
            paths=of_data("amount"),
            required=True,
            note="元，最多两位小数",
            sample="1465.30",
        ),
        Column(
            heading="收款日期",
            form=Form.DATE,
            paths=of_data("received_on"),
            required=True,
            note="如 2026-06-19",
            sample="2026-06-19",
        ),
        Column(
            heading="存入财政专户日期",
            form=Form.DATE,
            paths=of_data("deposited_on"),
            note="尚未存入的不填",
            width=18,
        ),
        Column(
            heading="还款渠道",
            form=Form.CHOICE,
            paths=of_data("channel"),
            required=True,
            words=CHANNELS,
            note="从列表中选择",
            sample="银行转账",
        ),
        Column(
            heading="付款人",
            longest=limits.TEXT,
            paths=of_data("payer"),
            required=True,
            personal=True,
            sample="示例丙",
        ),
        Column(
            heading="仍具备领取资格",
            form=Form.FLAG,
            paths=of_data("still_qualified"),
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
        CASE,
        *PARTY,
        *_moved(OVERPAYMENT, _FIRST_BENEFIT),
        *_moved(CARD, _FIRST_CARD),
        replace(
            ACCOUNT,
            paths=((*_FIRST_CARD, "account_number"), (*_FIRST_BENEFIT, "paid_to")),
            note="发放账号，8 至 32 位数字；不明的，银行各列都不填",
        ),
        *_moved(NOTIFIED, _FIRST_NOTIFIED),
        *_moved(GROUP, _FIRST_GROUP),
        *PROMISOR,
        *REPAYMENT,
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
