"""``hanyin migrate``: the ledger's tables are brought to this version."""

import shlex
from collections.abc import Iterator
from typing import Annotated

import typer

from commands.language import say
from commands.output import JsonOption, print_lines, report
from commands.session import Session, open_session, told
from ledger.address import ledger_url
from ledger.database import Database
from ledger.migration import migrate as run
from ledger.permissions import READER, WORKER, grants
from workers import bootstrap
from workers.brokers.address import rabbit_address
from workers.brokers.permissions import every_rule


@told
def migrate(
    permissions: Annotated[
        bool,
        typer.Option(
            "--permissions",
            help="只列出命令：RabbitMQ、PostgreSQL 的用户及其权限 / only tell how to make users",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """升级账本的表结构并声明队列 / Bring the ledger's tables up to date; declare the queues."""
    session = open_session()
    if permissions:
        print_lines(_permissions(session), as_json=as_json)
        return
    database = Database(session.settings.database)
    try:
        revision = run(database)
    finally:
        database.close()
    bootstrap.declare(session.settings, session.directory)
    report(
        [{"revision": revision}],
        say(f"账本已是版本 {revision}", f"the ledger is of revision {revision}"),
        as_json=as_json,
    )


def _permissions(session: Session) -> Iterator[str]:
    """Commands for a shell, a line each: passwords, users and what they may.

    A password stands in a file called as its user, made where it is not there; none is shown.
    """
    yield ("umask 077")
    broker, database = session.settings.broker, ledger_url(session.settings.database)
    on_server = database.get_backend_name() == "postgresql"
    # of an embedded broker there is nothing to permit, and that is said where nothing else is
    if not (broker.startswith("embedded:") and on_server):
        host = rabbit_address(broker).virtual_host
        every = every_rule(session.directory)
        users = dict.fromkeys(rule.user for rule in every)
        for user in users:
            yield _password_file(user)
            yield (f"rabbitmqctl add_user {shlex.quote(user)} <{_file_of(user)}")
        for rule in every:
            yield (f"rabbitmqctl {shlex.join(rule.words(host))}")
    if on_server:
        yield from _granted(database.database or "")


def _granted(database: str) -> Iterator[str]:
    for role in (WORKER, READER):
        yield _password_file(role)
        # by a pipe: what stands in a command's words everybody on the machine can read
        create = f"CREATE ROLE \"{role}\" LOGIN PASSWORD '%s'\\n"
        yield (
            f'printf {shlex.quote(create)} "$(cat {_file_of(role)})" | psql {shlex.quote(database)}'
        )
    for statement in grants(database):
        yield (shlex.join(["psql", database, "-c", statement]))


def _password_file(user: str) -> str:
    file = _file_of(user)
    return f"test -e {file} || openssl rand -hex 24 >{file}"


def _file_of(user: str) -> str:
    return shlex.quote(f"{user}.password")
