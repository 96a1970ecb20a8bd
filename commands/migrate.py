"""``hanyin migrate``: the ledger's tables are brought to this version."""

import shlex
from typing import Annotated

import typer

from commands.language import say
from commands.output import note, print_line
from commands.session import Session, open_session, told
from ledger.database import Database
from ledger.migration import migrate as run
from workers import bootstrap
from workers.brokers.address import rabbit_address
from workers.brokers.permissions import program_rules, rules


@told
def migrate(
    permissions: Annotated[
        bool,
        typer.Option(
            "--permissions",
            help="只列出 RabbitMQ 用户的最小权限 / only tell what RabbitMQ users need",
        ),
    ] = False,
) -> None:
    """升级账本的表结构并声明队列 / Bring the ledger's tables up to date; declare the queues."""
    session = open_session()
    if permissions:
        _tell_permissions(session)
        return
    database = Database(session.settings.database)
    try:
        revision = run(database)
    finally:
        database.close()
    bootstrap.declare(session.settings, session.directory)
    note(say(f"账本已是版本 {revision}", f"the ledger is of revision {revision}"))


def _tell_permissions(session: Session) -> None:
    """A command of ``rabbitmqctl`` a line, for a shell; each user is added before."""
    address = rabbit_address(session.settings.broker)
    for rule in [*program_rules(), *rules(session.directory)]:
        print_line(f"rabbitmqctl {shlex.join(rule.words(address.virtual_host))}")
