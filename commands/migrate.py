"""``hanyin migrate``: the ledger's tables are brought to this version."""

import sys

from commands.language import say
from commands.session import open_session, told
from ledger.database import Database
from ledger.migration import migrate as run
from workers import bootstrap


@told
def migrate() -> None:
    """升级账本的表结构并声明队列 / Bring the ledger's tables up to date; declare the queues."""
    session = open_session()
    database = Database(session.settings.database)
    try:
        revision = run(database)
    finally:
        database.close()
    bootstrap.declare(session.settings, session.directory)
    sys.stderr.write(say(f"账本已是版本 {revision}\n", f"the ledger is of revision {revision}\n"))
