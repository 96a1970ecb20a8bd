"""Who speaks: an id is its speaker's, and a source is its user's; on either ledger."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from ledger import outbox
from ledger.database import Database
from ledger.migration import _configuration, migrate
from schemas.configuration import Directory, Source
from schemas.errors import Misconfigured
from schemas.parsing import digest
from tests.building.office import Office, example
from workers.applying import Apply
from workers.directory import load_directory, require_users

Json = dict[str, Any]
USER = "yuhua-benefits"


def spoken_for(**source: Any) -> Directory:
    """The demo's directory, its source changed."""
    directory = load_directory(None)
    changed = directory.sources[0].model_copy(update={"anonymous": False, **source})
    return directory.model_copy(update={"sources": [changed]})


def on_rabbitmq(url: str, directory: Directory) -> Office:
    """An office whose broker knows its publishers."""
    office = Office(url, directory=directory)
    broker = {"broker_url": SecretStr("amqp://hanyin:x@localhost/")}
    office.settings = office.settings.model_copy(update=broker)
    office.apply = Apply(
        database=office.database,
        directory=directory,
        settings=office.settings,
        clock=office.clock,
    )
    return office


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = on_rabbitmq(ledger_url, spoken_for(user=USER))
    yield opened
    opened.close()


def squatting(event: Json) -> Json:
    """A bank's receipt for a case that is not there, under the source and id of ``event``."""
    receipt = example("03")
    receipt |= {"source": event["source"], "id": event["id"], "subject": "430111-none"}
    receipt["data"]["case_no"] = "430111-none"
    return receipt


def by_bank(office: Office, *events: Json, bank: str = "bank-abc") -> None:
    office.take(*events, exchange="hanyin.receipts", user_id=bank)
    office.work()


@pytest.mark.parametrize("bank_first", [True, False])
def test_a_bank_takes_no_id_from_the_source_that_it_names(
    office: Office, *, bank_first: bool
) -> None:
    true = example("01")
    for by_whom in ["bank", "source"] if bank_first else ["source", "bank"]:
        if by_whom == "bank":
            by_bank(office, squatting(true))
        else:
            office.take(true, user_id=USER)
            office.work()
    assert sorted(office.states()[true["id"]]) == ["applied", "parked"]
    assert office.codes() == []


def test_one_bank_takes_no_id_from_another(office: Office) -> None:
    receipt = squatting(example("01"))
    by_bank(office, receipt)
    by_bank(office, receipt | {"time": "2026-03-07T10:00:00+08:00"}, bank="bank-icbc")
    assert office.states()[receipt["id"]] == ["parked", "parked"]


def test_within_a_bank_an_id_is_unique(office: Office) -> None:
    receipt = squatting(example("01"))
    by_bank(office, receipt, receipt)
    by_bank(office, receipt | {"time": "2026-03-07T10:00:00+08:00"})
    assert office.states()[receipt["id"]] == ["parked", "repeated", "rejected"]
    assert office.codes() == ["id_reused"]


def test_an_anonymous_sources_users_have_ids_of_their_own(ledger_url: str) -> None:
    office = on_rabbitmq(ledger_url, spoken_for(anonymous=True))
    early, other = example("05"), example("05")
    other["data"]["amount"] = "1.00"
    office.take(early, user_id="one")
    office.take(other, user_id="two")
    office.take(early, user_id="one")
    office.work()
    assert office.states()[early["id"]] == ["parked", "parked", "repeated"]
    office.close()


def test_a_source_whose_user_is_renamed_says_the_same_again(
    office: Office, ledger_url: str
) -> None:
    office.take(example("24"), user_id=USER)
    office.work()
    later = on_rabbitmq(ledger_url, spoken_for(user="yuhua-2027"))
    later.take(example("24"), user_id="yuhua-2027")
    later.work()
    assert later.states()[example("24")["id"]] == ["applied", "repeated"]
    later.close()


def test_what_came_before_ids_were_a_speakers_is_known_again(ledger_url: str) -> None:
    database = Database(ledger_url)
    with database.writing() as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0010")
    event = example("24")
    early = on_rabbitmq_before(database, event)
    for directory in (spoken_for(user=USER), spoken_for(anonymous=True)):
        office = on_rabbitmq(ledger_url, directory)
        office.take(event, user_id=USER)
        office.work()
        assert office.states()[event["id"]][-1] == "repeated"
        office.close()
    assert early == 1
    database.close()


def on_rabbitmq_before(database: Database, event: Json) -> int:
    """The event is applied in a ledger of before, as its columns were then; then it is migrated."""
    values = {"source": event["source"], "id": event["id"], "type": event["type"]}
    values |= {"user": USER, "digest": digest(json.dumps(event).encode())}
    values |= {"at": "2026-11-24T01:00:00.000000Z", "agency": "430111"}
    values |= {"case_no": event["subject"]}
    statement = text(
        "INSERT INTO inbox (received_at, exchange, routing_key, user_id, raw, raw_sha256, source,"
        " event_id, type, time, agency, case_no, content_sha256, state) VALUES (:at, 'x', 'x',"
        " :user, '', 'x', :source, :id, :type, :at, :agency, :case_no, :digest, 'applied')"
    )
    with database.writing() as connection:
        added = connection.execute(statement, values).rowcount
    migrate(database)
    return added


@pytest.mark.parametrize("user", [None, "", "furong-benefits", "hanyin-publish"])
def test_on_rabbitmq_a_source_is_its_users_alone(office: Office, user: str | None) -> None:
    office.take(example("24"), user_id=user)
    office.work()
    assert office.codes() == ["not_found"]


def test_the_embedded_broker_knows_nobody_and_asks_for_no_user(ledger_url: str) -> None:
    office = Office(ledger_url, directory=spoken_for(user=USER))
    office.take(example("24"))
    office.take(example("21"), user_id="somebody-else")
    office.work()
    assert office.states()[example("24")["id"]] == ["applied"]
    assert office.codes() == ["not_found"]
    office.close()


def test_a_bank_is_answered_at_its_own_key(office: Office) -> None:
    wrong = squatting(example("01"))
    wrong["data"]["result"] = "perhaps"
    by_bank(office, wrong)
    with office.database.reading() as connection:
        (answer,) = outbox.due(connection, now=office.clock(), limit=9)
    assert (answer.exchange, answer.routing_key) == ("hanyin.rejections", "bank.abc")
    assert answer.envelope["source"] == "/hanyin"


def test_a_source_without_a_user_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"/hunan/430111/\* \(yuhua\).*anonymous = true"):
        require_users(spoken_for())
    require_users(spoken_for(user=USER))
    require_users(spoken_for(anonymous=True))
    with pytest.raises(ValidationError, match="not both"):
        Source(slug="x", source="/x", agencies=[], user="u", anonymous=True)


def test_the_samples_say_who_speaks(request: pytest.FixtureRequest) -> None:
    samples = [None, request.config.rootpath / "config" / "agencies.toml"]
    assert [load_directory(sample).unguarded() for sample in samples] == [[], []]
    # what is copied for real agencies lets nobody else speak for them
    assert not any(source.anonymous for source in load_directory(samples[1]).sources)
