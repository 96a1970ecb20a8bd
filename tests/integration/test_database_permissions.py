"""The roles of ``ledger.permissions`` on a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from ledger.permissions import grants
from schemas.identifiers import new_id
from tests.building.installation import Installation, example_file


@dataclass(frozen=True, kw_only=True)
class Roles:
    """An installation whose database has a role for work and one that reads."""

    work: Installation
    read: Installation

    def engine(self, which: Installation) -> Engine:
        url = make_url(which.variables["HANYIN_DATABASE_URL"])
        return create_engine(url.set(drivername="postgresql+psycopg"))


@pytest.fixture
def roles(embedded: Installation, postgresql_url: str) -> Iterator[Roles]:
    owner = make_url(postgresql_url)
    names = [f"{what}-{new_id()}" for what in ("work", "read")]
    variables = {**embedded.variables, "HANYIN_DATABASE_URL": postgresql_url}
    Installation(name="owner", variables=variables).run("migrate")
    engine = create_engine(owner.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'x'"))
        for statement in grants(owner.database or "", worker=names[0], reader=names[1]):
            connection.execute(text(statement))
        made = [
            Installation(
                name=name,
                variables={
                    **variables,
                    "HANYIN_DATABASE_URL": owner.set(username=name, password="x").render_as_string(
                        hide_password=False
                    ),
                },
            )
            for name in names
        ]
        yield Roles(work=made[0], read=made[1])
        for name in names:
            connection.execute(text(f'DROP OWNED BY "{name}"'))
            connection.execute(text(f'DROP ROLE "{name}"'))
    engine.dispose()


def may_not(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with (
            engine.connect() as connection,
            pytest.raises(ProgrammingError, match=r"denied|must be owner"),
        ):
            connection.execute(text(statement))


def test_each_role_does_its_own_and_nothing_else(roles: Roles) -> None:
    for name in ("01", "03", "05"):
        roles.work.run("publish", str(example_file(name)))
    roles.work.run("work", "--drain", codes=(0, 3))
    rows = roles.read.rows("register")
    assert {row["state"] for row in rows} <= {"archived", "announced", "void"}
    assert len(rows) >= 4
    working = roles.engine(roles.work)
    may_not(
        working,
        "UPDATE trail SET actor = 'x'",
        "DELETE FROM trail",
        "DELETE FROM documents",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE mine (a int)",
        "DROP TABLE documents",
    )
    reading = roles.engine(roles.read)
    may_not(
        reading,
        "INSERT INTO trail (at, actor, action, alarm) VALUES (now(), 'x', 'x', false)",
        "UPDATE documents SET state = 'void'",
        "DELETE FROM usage",
    )
    for engine in (working, reading):
        engine.dispose()
