"""Several connections of one process to a SQLite file, while other processes come and go.

A process that closes any descriptor of such a file loses all of its locks on it. The next process
that closes its connection then deletes the write-ahead log under ours, and what we write after
that nobody ever reads.
"""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.migration import migrate
from ledger.private_file import make_private
from tests.building.brokers import BrokerUnderTest, directory, event, names, receive
from workers.brokers.address import embedded_path


def come_and_go(file: Path) -> None:
    """Another process opens the file, reads it, and closes it."""
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
c.execute('select * from sqlite_master').fetchall(); c.close()"
    subprocess.run([sys.executable, "-c", code, str(file)], check=True, timeout=60)


def test_a_channel_beside_the_intake_costs_it_no_message(tmp_path: Path) -> None:
    broker = BrokerUnderTest(url=f"embedded://{tmp_path}/broker.db", directory=directory())
    broker.declare()
    intake = broker.intake()
    with closing(intake):
        for name in ("e1", "e2", "e3"):
            broker.publish(event(name))
            assert names(receive(intake, 1)) == [name]
            come_and_go(embedded_path(broker.url))
    # what was settled is gone for whoever comes next
    again = broker.intake()
    with closing(again):
        assert again.receive(limit=10, wait=0) == []


def test_a_ledger_opened_twice_keeps_what_either_writes(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    first = Database(f"sqlite:///{file}")
    migrate(first)
    second = Database(f"sqlite:///{file}")
    come_and_go(file)
    with first.writing() as connection:
        connection.exec_driver_sql("create table seen (at integer)")
    with second.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from seen").scalar_one() == 0
    first.close()
    second.close()
    third = Database(f"sqlite:///{file}")
    with third.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from seen").scalar_one() == 0
    third.close()


@pytest.mark.parametrize("umask", ["000", "077"])
def test_a_new_file_is_its_owner_s_alone_and_nothing_lies_beside_it(
    tmp_path: Path, umask: str
) -> None:
    file = tmp_path / "home" / "ledger.db"
    code = "import os, sys; from pathlib import Path; from ledger.private_file import make_private;\
os.umask(int(sys.argv[2], 8)); make_private(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(file), umask], check=True, timeout=60)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    file.write_bytes(b"kept")
    file.chmod(0o640)
    make_private(file)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"kept", 0o640)
