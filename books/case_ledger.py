"""台账: every case with its person, money by channel, measures and documents.

A case stands in the ledger of a period where an event of it took effect in that time (opening it
is one); its figures are those of the moment in which the book is read, not of the period's end.
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection

from books.book import (
    Book,
    BookColumn,
    BookForm,
    BookQuery,
    CellType,
    Circumstances,
    Place,
    Row,
    Tongue,
)
from books.days import end_of, start_of
from books.words import WORDS
from cases.case import Case, Repayment
from cases.dates import day_in_china
from cases.money import ZERO
from cases.stops import measures
from ledger import casebook
from ledger.casebook import CaseFile, Holding
from schemas.documents import DocumentState
from schemas.events import Channel

_BY_CHANNEL = "recovered_by_channel"


def _groups(row: Row, tongue: Tongue) -> str:
    return tongue.listed(row["groups"])


def _measures(row: Row, tongue: Tongue) -> str:
    return tongue.listed(row["measures"])


def _documents(row: Row, tongue: Tongue) -> str:
    """Every number, a void one marked: 稽（待遇）字〔2026〕第1号（作废）."""
    void = tongue.say("（作废）", " (void)")
    numbers = (
        entry["number"] + (void if entry["state"] == DocumentState.VOID else "")
        for entry in row["documents"]
    )
    return tongue.say("；", "; ").join(numbers)


def _channels(row: Row, tongue: Tongue) -> str:
    """Each channel that money came by: 银行转账1000.00；遗产200.00."""
    amounts: Mapping[str, Decimal] = row[_BY_CHANNEL]
    space = tongue.say("", " ")
    return tongue.say("；", "; ").join(
        f"{tongue.word(channel)}{space}{amounts[channel]:.2f}"
        for channel in Channel
        if channel in amounts
    )


def _deposits(row: Row, tongue: Tongue) -> str:
    """When each receipt was paid into 财政专户: CZZH-1：2026-06-19；CZZH-2：未存入."""
    return tongue.say("；", "; ").join(
        f"{entry['receipt_no']}{tongue.say('：', ': ')}"
        f"{entry['deposited_on'] or tongue.say('未存入', 'not yet')}"
        for entry in row["deposits"]
    )


def _channel(channel: Channel) -> BookColumn:
    """A column of its own for the money of ``channel``."""

    def tell(row: Row, _tongue: Tongue) -> Decimal:
        amount: Decimal = row[_BY_CHANNEL].get(channel.value, Decimal("0.00"))
        return amount

    return BookColumn(
        key=f"recovered_{channel.value}",
        zh=f"追回：{WORDS[channel.value]}",
        en=f"recovered: {channel.value.replace('_', ' ')}",
        type=CellType.MONEY,
        summed=True,
        place=Place.SHEETS,
        tell=tell,
    )


def _money(key: str, zh: str, en: str) -> BookColumn:
    return BookColumn(key=key, zh=zh, en=en, type=CellType.MONEY, summed=True)


FORM = BookForm(
    name="case_ledger",
    zh="追缴案件台账",
    en="Case ledger",
    columns=(
        BookColumn(key="case_no", zh="案号", en="case", width=22),
        BookColumn(key="party_name", zh="姓名", en="name", width=12),
        BookColumn(key="personal_no", zh="个人编号", en="personal number", place=Place.SHEETS),
        BookColumn(key="groups", zh="困难（特殊）群体", en="groups", width=20, tell=_groups),
        _money("overpaid", "多领金额", "overpaid"),
        _money("recovered", "已追回", "recovered"),
        BookColumn(
            key="channels",
            zh="追回渠道",
            en="by channel",
            summed=True,
            place=Place.PAGES,
            tell=_channels,
        ),
        *(_channel(channel) for channel in Channel),
        _money("outstanding", "未追回", "outstanding"),
        BookColumn(
            key="deposited",
            zh="已存入财政专户",
            en="deposited",
            type=CellType.MONEY,
            summed=True,
            place=Place.SHEETS,
        ),
        BookColumn(
            key="deposits",
            zh="存入日期",
            en="deposits",
            place=Place.SHEETS,
            width=30,
            tell=_deposits,
        ),
        BookColumn(key="measures", zh="措施", en="measures", tell=_measures),
        BookColumn(key="documents", zh="文书", en="documents", width=44, tell=_documents),
        BookColumn(key="state", zh="状态", en="state", type=CellType.CODE, width=10),
        BookColumn(key="opened_on", zh="立案日期", en="opened on", type=CellType.DATE, width=12),
    ),
    fields=(
        "case_no",
        "agency",
        "party_name",
        "personal_no",
        "groups",
        "overpaid",
        "recovered",
        _BY_CHANNEL,
        "outstanding",
        "deposited",
        "deposits",
        "measures",
        "documents",
        "state",
        "opened_on",
    ),
    totalled={
        **dict.fromkeys(("overpaid", "recovered", "outstanding", "deposited"), Decimal("0.00")),
        _BY_CHANNEL: {},
    },
)


def read(connection: Connection, query: BookQuery, circumstances: Circumstances) -> Book:
    """The cases that an event changed in the query's days, all of them where it names none."""
    files = casebook.files(
        connection,
        agency=query.agency,
        since=start_of(query.since),
        until=end_of(query.until),
    )
    return Book(form=FORM, query=query, rows=map(_row, files), read_at=circumstances.now)


def _row(file: CaseFile) -> Row:
    case = file.case
    return {
        "case_no": case.case_no,
        "agency": case.agency,
        "party_name": case.facts.party.name,
        "personal_no": case.facts.party.personal_no,
        "groups": [group.code.value for group in case.facts.party.groups],
        "overpaid": case.overpaid,
        "recovered": case.recovered,
        _BY_CHANNEL: _by_channel(case),
        "outstanding": case.outstanding,
        "deposited": sum((r.amount for r in _counted(case) if r.deposited_on), ZERO),
        "deposits": [_deposit(repayment) for repayment in _counted(case)],
        "measures": list(measures(tuple(holding.document for holding in file.holdings))),
        "documents": [_document(holding) for holding in file.holdings],
        "state": case.state.value,
        "opened_on": day_in_china(file.opened_at),
    }


def _document(holding: Holding) -> Mapping[str, str]:
    document = holding.document
    return {
        "number": document.number,
        "kind": document.kind.value,
        "state": holding.state.value,
    }


def _by_channel(case: Case) -> dict[str, Decimal]:
    """What came in and counts, by channel, in the order of ``Channel``."""
    found: dict[str, Decimal] = {}
    for channel in Channel:
        parts = [each.amount for each in _counted(case) if each.channel == channel.value]
        if parts:
            found[channel.value] = sum(parts, Decimal("0.00"))
    return found


def _counted(case: Case) -> list[Repayment]:
    return [repayment for repayment in case.repayments if not repayment.reversed]


def _deposit(repayment: Repayment) -> Mapping[str, str | None]:
    day = repayment.deposited_on
    return {
        "receipt_no": repayment.receipt_no,
        "deposited_on": None if day is None else day.isoformat(),
    }
