"""Other users of the machine: what they can find, take or prepare in folders of everybody's."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ledger.database import Database
from rendering.building import build_renderer
from rendering.office import Office, OfficeSettings, clear_folder
from rendering.preview import sample_document
from rendering.resident import Resident
from schemas.documents import DocumentKind
from schemas.errors import Misconfigured, Unavailable
from tests.building.installation import Installation, example_file
from workers.home import keep_temporary_files, make_home


def pipes_of(folder: Path) -> list[Path]:
    """The sockets of the LibreOffice that works below ``folder``."""
    return [
        Path(line)
        for noted in folder.rglob("pipes")
        for line in noted.read_text().splitlines()
        if line
    ]


def office(folder: Path, python: Path = Path("/usr/bin/python3")) -> Office:
    return Office(OfficeSettings(work_dir=folder, python=python, program=None, timeout=30))


@pytest.mark.office
def test_libreoffice_s_sockets_cannot_be_guessed_and_go_with_it(tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        renderer = build_renderer(work_dir=tmp_path, typst=False)
        renderer.render(sample_document(DocumentKind.AUDIT_OPINION))
        pipes = pipes_of(tmp_path)
        (own,) = [pipe for pipe in pipes if "hanyin" in pipe.name]
        assert len(own.name.rpartition("hanyin")[2]) == 32
        assert all(pipe.is_socket() for pipe in pipes)
        # whoever may connect may have LibreOffice do anything
        assert not any(pipe.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH) for pipe in pipes)
        renderer.close()
        assert not any(pipe.exists() for pipe in pipes)
        names += [pipe.name for pipe in pipes]
    assert len(names) == len(set(names))


@pytest.mark.office
def test_the_sockets_of_a_libreoffice_that_was_killed_are_swept(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path;"
        "from rendering.building import build_renderer;"
        "from rendering.preview import sample_document;"
        "from schemas.documents import DocumentKind;"
        f"r = build_renderer(work_dir=Path({str(tmp_path)!r}), typst=False);"
        "r.render(sample_document(DocumentKind.AUDIT_OPINION)); print('up', flush=True);"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        pipes = pipes_of(tmp_path)
        parent.kill()
    assert pipes
    Resident(tmp_path, kind="office", clear=clear_folder).sweep()
    assert not any(pipe.exists() for pipe in pipes)


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Path]:
    """A python3 that makes the pipe of the host before LibreOffice can, and listens on it.

    It reads the name off the command line, as any neighbour may.
    """
    taken: list[socket.socket] = []
    stop = threading.Event()

    def watch() -> None:
        done: set[str] = set()
        while not stop.is_set():
            for line in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    words = line.read_bytes().decode(errors="replace")
                    if str(tmp_path) not in words or "pipe,name=" not in words:
                        continue
                    name = words.partition("pipe,name=")[2].partition(";")[0]
                    if name not in done:
                        done.add(name)
                        listening = socket.socket(socket.AF_UNIX)
                        listening.bind(f"/tmp/OSL_PIPE_{os.getuid()}_{name}")  # noqa: S108
                        listening.listen()
                        taken.append(listening)
            time.sleep(0.002)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield tmp_path
    stop.set()
    thread.join()
    assert taken
    for each in taken:
        path = each.getsockname()
        each.close()
        with suppress(OSError):
            Path(path).unlink()


@pytest.mark.office
@pytest.mark.timeout(200)
def test_a_pipe_that_somebody_else_made_is_not_spoken_to(
    impostor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[str] = []
    real = socket.socket.listen

    def listen(self: socket.socket, *args: int) -> None:
        real(self, *args)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = self.accept()
                    # LibreOffice itself looks whether somebody is there, and says nothing
                    if peer.recv(1):
                        connected.append("spoken to")
                    peer.close()

        threading.Thread(target=accept, daemon=True).start()

    monkeypatch.setattr(socket.socket, "listen", listen)
    monkeypatch.setattr("rendering.office._START_SECONDS", 15.0)
    own = office(impostor / "work")
    with suppress(Unavailable):
        own._running()
    own.close()
    assert connected == []


@contextmanager
def watched(folder: Path) -> Iterator[set[str]]:
    """What was seen in ``folder`` while the block ran."""
    seen: set[str] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.002):
            seen.update(path.name for path in folder.iterdir())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield seen
    stop.set()
    thread.join()


@pytest.mark.office
def test_work_and_books_put_nothing_into_a_folder_of_everybody_s(
    embedded: Installation, tmp_path: Path
) -> None:
    embedded.publish(example_file("01"))
    everybody = tmp_path / "everybody"
    everybody.mkdir()
    variables = {**embedded.variables, "TMPDIR": str(everybody)}
    at_work = Installation(name="embedded", variables=variables)
    with watched(everybody) as seen:
        at_work.run("work", "--drain", codes=(0, 3))
        for end in ("xlsx", "pdf"):
            at_work.run("register", "--format", end, "-o", str(tmp_path / f"register.{end}"))
    assert seen == set()


def test_temporary_files_are_in_the_home_of_the_process_and_of_those_it_starts(
    tmp_path: Path,
) -> None:
    script = (
        "import sys, tempfile, subprocess; from pathlib import Path;"
        "from workers.home import keep_temporary_files;"
        "keep_temporary_files(Path(sys.argv[1])); print(tempfile.mkdtemp());"
        "print(subprocess.run([sys.executable, '-c', 'import tempfile; print(tempfile.mkdtemp())'],"
        " capture_output=True, text=True).stdout)"
    )
    home = tmp_path / "var"
    told = subprocess.run(
        [sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [Path(line).parent for line in told] == [home / "tmp"] * 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, home / "tmp")} == {0o700}


def test_sqlite_keeps_what_it_might_take_back_in_memory(tmp_path: Path) -> None:
    # in a file of its own it would be deleted as soon as it is open: what is held open shows it
    grow = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)"
        " insert into papers select hex(randomblob(500)) from n"
    )
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("create table papers (name)")
        connection.exec_driver_sql(grow)
        with connection.begin_nested():
            connection.exec_driver_sql("update papers set name = hex(randomblob(600))")
            held = _held_open()
    database.engine.dispose()
    assert str(tmp_path / "ledger.db-wal") in held
    assert [file for file in held if "etilqs" in file] == []


def _held_open() -> list[str]:
    links = Path("/proc/self/fd").iterdir()
    return [str(link.readlink()) for link in links if link.is_symlink()]


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for home in (file, file / "below"):
        with pytest.raises(Misconfigured, match="HANYIN_HOME"):
            make_home(home)
        with pytest.raises(Misconfigured, match="HANYIN_HOME"):
            keep_temporary_files(home)
    assert tempfile.gettempdir() != str(file)


def test_a_command_dumps_no_core() -> None:
    script = (
        "import resource, sys; sys.argv = ['hanyin', '--version'];"
        "import commands.main as m; resource.setrlimit(resource.RLIMIT_CORE, (1000, 1000));"
        "m.app = lambda: print(resource.getrlimit(resource.RLIMIT_CORE)); m.main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "(0, 0)"
