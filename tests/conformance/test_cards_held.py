"""One card in several cases: nothing lets it go while one of them holds it stopped (G5)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from ledger import production
from ledger.tables import documents
from schemas.configuration import Directory
from schemas.identifiers import new_id
from tests.building.events import CARD, benefit, example
from tests.building.office import Office
from workers.directory import load_directory
from workers.naming_stops import with_other_stops

STOP, RELEASE, WITHDRAWAL = (
    "stop_payment_letter",
    "release_payment_letter",
    "stop_withdrawal_letter",
)
A, B = "430111-2026-000017", "430111-2026-000099"
OTHER = "430112"


def two_agencies() -> Directory:
    """The demo's directory with another agency beside the first, spoken for by the same source."""
    directory = load_directory(None)
    first = directory.agencies[0]
    other = first.model_copy(update={"code": OTHER, "name": "长沙市望城区社会保险服务中心"})
    sources = tuple(
        source.model_copy(update={"agencies": (*source.agencies, OTHER)})
        for source in directory.sources
    )
    agencies = (*directory.agencies, other)
    return directory.model_copy(update={"agencies": agencies, "sources": sources})


class Cards:
    """An installation whose letters are made and sent by hand."""

    def __init__(self, url: str) -> None:
        self.office = Office(url, directory=two_agencies())
        self._told = 0

    def tell(self, name: str, case_no: str, agency: str = "430111", **data: Any) -> None:
        """The example's event about another case; applied."""
        event = example(name)
        self._told += 1
        event |= {"id": f"told-{self._told}", "subject": case_no}
        event["data"] |= {"case_no": case_no, "agency": agency, **data}
        self.office.take(event)
        self.office.work()
        assert self.office.states()[event["id"]] == ["applied"]

    def open(self, case_no: str, agency: str = "430111") -> None:
        self.tell("01", case_no, agency, overpayments=[benefit("1000.00")], repayment=None)

    def clear(self, case_no: str, agency: str = "430111") -> None:
        whole = {"amount": "1000.00", "still_qualified": None, "receipt_no": f"R-{case_no}"}
        self.tell("05", case_no, agency, **whole)

    def row(self, case_no: str, kind: str, agency: str = "430111") -> Any:
        """The one letter of the kind that is not void."""
        wanted = (
            documents.c.agency == agency,
            documents.c.case_no == case_no,
            documents.c.kind == kind,
            documents.c.state != "void",
        )
        with self.office.database.reading() as connection:
            return connection.execute(select(documents).where(*wanted)).one()

    def claim(self) -> list[Any]:
        """Everything about a card that may be made now, as it is printed; it stays claimed."""
        made = []
        with self.office.database.writing() as connection:
            while found := production.claim(
                connection,
                token=new_id(),
                now=self.office.clock(),
                lease=timedelta(minutes=1),
                limit=1,
            ):
                made += [
                    with_other_stops(connection, claim.document, self.office.directory)
                    for claim in found
                ]
        return [d for d in made if d.kind in (STOP, RELEASE, WITHDRAWAL)]

    def send(self, *kinds: str) -> list[Any]:
        """What may be made now is made and has left; those of ``kinds`` alone, where any."""
        made = [d for d in self.claim() if not kinds or d.kind in kinds]
        now = self.office.clock()
        values: dict[str, Any] = {"state": "announced", "claim_token": None}
        values["sealed_sha256"] = "0" * 64
        values |= {"leaving_at": now, "sent_at": now}
        with self.office.database.writing() as connection:
            these = documents.c.document_id.in_([d.document_id for d in made])
            connection.execute(update(documents).where(these).values(**values))
        return made


@pytest.fixture
def cards(ledger_url: str) -> Iterator[Cards]:
    shop = Cards(ledger_url)
    yield shop
    shop.office.close()


def kinds(letters: list[Any]) -> list[tuple[str, str]]:
    return [(letter.case_no, letter.kind.value) for letter in letters]


@pytest.mark.parametrize("agency", ["430111", OTHER])
def test_a_release_waits_for_the_other_case_and_names_its_stop(cards: Cards, agency: str) -> None:
    cards.open(A)
    cards.open(B, agency)
    cards.send()
    cards.clear(A)
    assert cards.send() == []
    cards.clear(B, agency)
    both = cards.send()
    assert sorted(kinds(both)) == [(A, RELEASE), (B, RELEASE)]
    first = next(letter for letter in both if letter.case_no == A)
    stop = cards.row(B, STOP, agency).number
    named = stop if agency == "430111" else f"长沙市望城区社会保险服务中心{stop}"
    assert first.data["other_stops"] == named


def test_a_release_that_leaves_alone_names_none(cards: Cards) -> None:
    cards.open(A)
    cards.send()
    cards.clear(A)
    (release,) = cards.send()
    assert release.data["other_stops"] == ""


def test_the_last_of_two_releases_names_no_stop_that_is_over(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.clear(A)
    cards.clear(B)
    with cards.office.database.writing() as connection:
        (claim,) = production.claim(
            connection,
            token=new_id(),
            now=cards.office.clock(),
            lease=timedelta(minutes=1),
            limit=1,
        )
        now = cards.office.clock()
        connection.execute(
            update(documents)
            .where(documents.c.document_id == claim.document.document_id)
            .values(state="announced", sealed_sha256="0" * 64, leaving_at=now, sent_at=now)
        )
    (last,) = cards.send()
    assert last.data["other_stops"] == ""


def test_an_approved_resumption_waits_for_the_other_case_too(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.tell("52", A, paid_to=CARD, with_deduction=False, release_card=True)
    assert [letter for letter in cards.send() if letter.kind == RELEASE] == []
    cards.clear(B)
    assert sorted(kinds(cards.send())) == [(A, RELEASE), (B, RELEASE)]


def test_a_stop_that_comes_while_the_release_waits_holds_it(cards: Cards) -> None:
    cards.open(A)
    cards.send()
    cards.clear(A)
    cards.open(B)
    assert kinds(cards.send()) == [(B, STOP)]
    assert cards.send() == []
    assert cards.row(B, STOP).waits_for is None


def test_a_stop_leaves_after_the_release_that_is_being_made(cards: Cards) -> None:
    cards.open(A)
    cards.send()
    cards.clear(A)
    (release,) = cards.claim()
    cards.open(B)
    assert cards.row(B, STOP).waits_for == release.document_id
    # its worker died: it is made all the same, since the stop waits for it
    cards.office.clock.move(timedelta(minutes=2))
    assert (A, RELEASE) in kinds(cards.send(RELEASE))


def test_a_withdrawal_goes_at_once_and_names_the_stop_that_goes_on(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.tell("41", A, document={"kind": STOP}, replace=False)
    (withdrawal,) = cards.send()
    assert withdrawal.kind == WITHDRAWAL
    assert withdrawal.data["new_stop_number"] == cards.row(B, STOP).number


def test_a_withdrawal_that_its_own_stop_follows_names_that_one(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.tell("41", A, document={"kind": STOP}, replace=True)
    (withdrawal,) = cards.send(WITHDRAWAL)
    assert withdrawal.data["new_stop_number"] == cards.row(A, STOP).number


def test_a_void_stop_and_a_stop_of_another_card_hold_nothing(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.tell("41", B, document={"kind": STOP}, replace=False)
    cards.send()
    cards.clear(A)
    (release,) = cards.send()
    assert (release.case_no, release.data["other_stops"]) == (A, "")


def test_a_case_that_reopens_before_its_release_left_holds_the_card_again(cards: Cards) -> None:
    cards.open(A)
    cards.open(B)
    cards.send()
    cards.clear(B)
    cards.clear(A)
    cards.tell("43", B, receipt_no=f"R-{B}")
    assert cards.send() == []
