"""Files of events on their way to the queue: all or none, on from where it broke, in bounds."""

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

from commands import publish as command
from commands import sending
from commands.bookmark import Bookmark
from commands.event_files import CHUNK_EVENTS, chunks, open_event_files
from commands.failures import AWAY, REFUSED
from commands.session import Session
from schemas.errors import Unavailable
from tests.building.events import example
from tests.building.installation import Installation
from tests.building.outlet import GoodOutlet
from workers import bootstrap
from workers.brokers import OutgoingMessage, PublishOutcome
from workers.directory import load_directory
from workers.settings import Settings

#: publishes as the command does, and is killed before the n-th piece leaves
KILLED = """
import os, signal, sys
from commands.main import main
from workers.brokers.embedded import EmbeddedOutlet

left, whole = [int(sys.argv.pop(1))], EmbeddedOutlet.publish

def publish(self, messages):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return whole(self, messages)

EmbeddedOutlet.publish = publish
main()
"""


class FailingOutlet(GoodOutlet):
    """Breaks at the n-th publication, or does not take some events."""

    def __init__(self, *, breaks_at: int = -1, loses: Sequence[int] = ()) -> None:
        super().__init__()
        self._left = breaks_at
        self._loses = loses

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        if self._left == 0:
            raise Unavailable("线路断了", "the line is cut")
        self._left -= 1
        start = len(self.sent)
        super().publish(messages)
        return [
            PublishOutcome.REFUSED if start + index in self._loses else PublishOutcome.CONFIRMED
            for index in range(len(messages))
        ]


def repayments(file: Path, count: int) -> Path:
    with file.open("w", encoding="utf-8") as stream:
        for number in range(count):
            event = example("05")
            event["id"] = f"bulk-{number}"
            event["data"]["receipt_no"] = f"R-{number}"
            stream.write(json.dumps(event, ensure_ascii=False) + "\n")
    return file


@pytest.fixture
def session(tmp_path: Path) -> Session:
    settings = Settings(home=tmp_path / "home")
    return Session(settings=settings, directory=load_directory(settings.directory_file))


@contextmanager
def through(outlet: GoodOutlet) -> Iterator[GoodOutlet]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "open_events_outlet", lambda *_: outlet)
        yield outlet


def publish(session: Session, *files: Path, restart: bool = False, validate: bool = True) -> None:
    command._publish_events(session, list(files), validate=validate, restart=restart, as_json=False)


def ids(outlet: GoodOutlet) -> list[str]:
    return [json.loads(message.body)["id"] for message in outlet.sent]


def test_the_pieces_of_a_file_are_its_lines_in_order(tmp_path: Path) -> None:
    file = repayments(tmp_path / "x.jsonl", 600)
    with open_event_files([file]) as (opened,):
        twice = [list(chunks(opened.events())) for _ in range(2)]
    assert twice[0] == twice[1]
    assert [len(piece) for piece in twice[0]] == [256, 256, 88]
    lines = file.read_bytes().splitlines()
    assert [event.raw for piece in twice[0] for event in piece] == lines


def test_nothing_leaves_when_the_last_line_is_invalid(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repayments(tmp_path / "x.jsonl", 600)
    with file.open("a") as stream:
        stream.write("{}\n")
    with through(GoodOutlet()) as outlet, pytest.raises(typer.Exit) as ended:
        publish(session, file)
    assert ended.value.exit_code == REFUSED
    assert outlet.sent == []
    assert "x.jsonl:601" in capsys.readouterr().err


def test_after_a_broken_connection_the_same_command_goes_on(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repayments(tmp_path / "x.jsonl", 700)
    with through(FailingOutlet(breaks_at=2)) as first, pytest.raises(Unavailable):
        publish(session, file)
    assert "512 / 700" in capsys.readouterr().err
    with through(GoodOutlet()) as second:
        publish(session, file)
    assert "512" in capsys.readouterr().err
    assert ids(first) + ids(second) == [f"bulk-{number}" for number in range(700)]


def test_when_it_is_done_the_same_file_is_sent_whole_again(
    session: Session, tmp_path: Path
) -> None:
    file = repayments(tmp_path / "x.jsonl", 300)
    with through(GoodOutlet()) as outlet:
        publish(session, file)
        publish(session, file)
    assert len(outlet.sent) == 600


def test_restart_sends_all_of_it(session: Session, tmp_path: Path) -> None:
    file = repayments(tmp_path / "x.jsonl", 300)
    with through(FailingOutlet(breaks_at=1)), pytest.raises(Unavailable):
        publish(session, file)
    with through(GoodOutlet()) as outlet:
        publish(session, file, restart=True)
    assert len(outlet.sent) == 300


def test_other_events_and_another_broker_begin_anew(session: Session, tmp_path: Path) -> None:
    file = repayments(tmp_path / "x.jsonl", 300)
    with through(FailingOutlet(breaks_at=1)), pytest.raises(Unavailable):
        publish(session, file)
    elsewhere = Session(
        settings=Settings(home=session.settings.home, broker_url="amqp://a:b@other/v"),
        directory=session.directory,
    )
    with through(GoodOutlet()) as outlet:
        publish(elsewhere, file)
    assert len(outlet.sent) == 300
    repayments(file, 301)
    with through(GoodOutlet()) as outlet:
        publish(session, file)
    assert len(outlet.sent) == 301


def test_what_the_broker_did_not_take_is_named_and_sent_by_the_next_run(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repayments(tmp_path / "x.jsonl", 600)
    with through(FailingOutlet(loses=[300])) as outlet, pytest.raises(typer.Exit) as ended:
        publish(session, file)
    assert ended.value.exit_code == AWAY
    assert len(outlet.sent) == 600
    assert "x.jsonl:301" in capsys.readouterr().err
    with through(GoodOutlet()) as again:
        publish(session, file)
    assert ids(again) == [f"bulk-{number}" for number in range(CHUNK_EVENTS, 600)]


def test_a_broker_that_takes_nothing_is_not_asked_a_hundred_times(
    session: Session, tmp_path: Path
) -> None:
    file = repayments(tmp_path / "x.jsonl", 1_000)
    outlet = FailingOutlet(loses=range(1_000))
    with through(outlet), pytest.raises(typer.Exit):
        publish(session, file)
    assert len(outlet.sent) == CHUNK_EVENTS


def test_a_file_that_changes_after_the_check_is_sent_no_further(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repayments(tmp_path / "x.jsonl", 600)

    class Changing(GoodOutlet):
        def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
            content = file.read_text()
            # of the last piece, in place: what is checked is no more what is there
            file.write_text(content.replace("bulk-599", "bulk-xyz"))
            return super().publish(messages)

    with through(Changing()) as outlet, pytest.raises(typer.Exit) as ended:
        publish(session, file)
    assert ended.value.exit_code == REFUSED
    assert "bulk-xyz" not in ids(outlet)
    assert len(outlet.sent) == 512
    assert "512 / 600" in capsys.readouterr().err


def test_equal_warnings_are_one_line(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repayments(tmp_path / "x.jsonl", 500)
    # near the end of 湘人社规〔2022〕30号: a warning for each event
    file.write_text(file.read_text().replace('"time": "2026', '"time": "2027'))
    with through(GoodOutlet()):
        publish(session, file)
    lines = capsys.readouterr().err.splitlines()
    (warning,) = (line for line in lines if "basis_ending" in line)
    assert "500" in warning


def test_without_validation_every_line_leaves_as_it_is(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"type":"hanyin.other.v1"}\r\n\n\xff\xfe\nplain')
    with through(GoodOutlet()) as outlet:
        publish(session, file, validate=False)
    assert [message.body for message in outlet.sent] == [
        b'{"type":"hanyin.other.v1"}\r',
        b"\xff\xfe",
        b"plain",
    ]
    assert [message.routing_key for message in outlet.sent] == [
        "hanyin.other.v1",
        "unknown",
        "unknown",
    ]


def test_the_routing_key_is_the_type_whether_it_was_checked_or_read(
    session: Session, tmp_path: Path
) -> None:
    file = repayments(tmp_path / "x.jsonl", 2)
    for validate in (True, False):
        with through(GoodOutlet()) as outlet:
            publish(session, file, validate=validate)
        assert {m.routing_key for m in outlet.sent} == {"hanyin.repayment.recorded.v1"}


def test_a_home_that_takes_no_notes_stops_nobody(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session.settings.home.write_text("a file where the folder should be")
    with through(GoodOutlet()) as outlet:
        publish(session, repayments(tmp_path / "x.jsonl", 600))
    assert len(outlet.sent) == 600
    err = capsys.readouterr().err
    assert len([line for line in err.splitlines() if "无法记录进度" in line]) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"sent": "x"}', b'{"sent": -4}'])
def test_a_spoilt_note_begins_anew(tmp_path: Path, content: bytes) -> None:
    bookmark = Bookmark(tmp_path, events=b"x", broker_url="embedded:///b")
    bookmark.write(300)
    assert bookmark.read() == 300
    bookmark.path.write_bytes(content)
    assert bookmark.read() == 0


def test_a_note_is_private_and_holds_nothing_of_the_events_nor_of_the_broker(
    tmp_path: Path,
) -> None:
    bookmark = Bookmark(tmp_path, events=b"x", broker_url="amqp://user:secret@host/v")
    bookmark.write(300)
    assert bookmark.path.read_text() == '{"sent": 300}\n'
    assert bookmark.path.parent.stat().st_mode & 0o077 == 0
    other = Bookmark(tmp_path, events=b"x", broker_url="amqp://user:changed@host/v")
    assert other.path == bookmark.path


def test_notes_that_nobody_went_on_with_are_forgotten(tmp_path: Path) -> None:
    old = Bookmark(tmp_path, events=b"old", broker_url="embedded:///b")
    old.write(1)
    os.utime(old.path, (0, 0))
    young = Bookmark(tmp_path, events=b"young", broker_url="embedded:///b")
    young.write(1)
    done = Bookmark(tmp_path, events=b"done", broker_url="embedded:///b")
    done.write(1)
    done.remove()
    assert [old.path.exists(), young.path.exists(), done.path.exists()] == [False, True, False]


def _peak(session: Session, file: Path) -> int:
    class Forgetful(GoodOutlet):
        def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
            return [PublishOutcome.CONFIRMED] * len(messages)

    with through(Forgetful()):
        tracemalloc.start()
        publish(session, file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(session: Session, tmp_path: Path) -> None:
    few = _peak(session, repayments(tmp_path / "few.jsonl", 1_000))
    many = _peak(session, repayments(tmp_path / "many.jsonl", 10_000))
    # 9,000 lines more are 4 MB; what is kept of an event is a pointer to its type
    assert many - few < 1024 * 1024


def test_a_publisher_that_is_killed_goes_on_where_it_was(
    embedded: Installation, tmp_path: Path
) -> None:
    file = repayments(tmp_path / "x.jsonl", 700)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "2", "publish", str(file)],
        env=embedded.environment,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    done: dict[str, Any] = json.loads(embedded.run("publish", str(file), "--json"))
    assert (done["sent"], done["sent_before"], done["withheld"]) == (188, 512, 0)
    embedded.run("work", "--drain", "--only", "receive")
    states = [row["id"] for row in embedded.rows("events", "list")]
    assert sorted(states) == sorted(f"bulk-{number}" for number in range(700))


def test_events_come_from_a_pipe_too(embedded: Installation, tmp_path: Path) -> None:
    file = repayments(tmp_path / "x.jsonl", 3)
    with file.open("rb") as stream:
        ended = subprocess.run(
            ["sh", "-c", f"cat | {sys.executable} -m commands publish /dev/stdin"],
            env=embedded.environment,
            stdin=stream,
            capture_output=True,
            text=True,
            check=True,
        )
    assert "3" in ended.stderr


def test_manifests_of_the_same_events_are_the_same(tmp_path: Path) -> None:
    file = repayments(tmp_path / "x.jsonl", 600)
    with open_event_files([file]) as (opened,):
        events = list(opened.events())
    made = [sending.manifest_of(events, ["t"] * 600) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].digest != sending.manifest_of(events[1:], ["t"] * 599).digest
