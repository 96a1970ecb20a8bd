"""A directory archive whose writer is killed with SIGKILL at each file operation of a put."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from archive.directory import DirectoryArchive
from archive.keys import object_key

ROOT = Path(__file__).parents[2]
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = object_key(agency="430111", year=2026, document_id="0192-a", sha256=SHA256)

#: More than a put does; the last ones run to the end.
OPERATIONS = range(40)

#: Puts the object and is killed before its n-th file operation (audit events of Python).
WRITER = f"""
import os, signal, sys
from datetime import date
from pathlib import Path
from archive.directory import DirectoryArchive

archive = DirectoryArchive(Path(sys.argv[1]))
content = b"%PDF-1.7 " + bytes(range(256)) * 4000
left = [int(sys.argv[2])]

def kill_at(event, args):
    if event in ("open", "os.mkdir", "os.chmod", "os.link", "os.remove", "os.rename", "os.listdir"):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

sys.addaudithook(kill_at)
archive.put({KEY!r}, content, sha256={SHA256!r}, retain_until=date(2036, 1, 1), content_type="")
"""


def put(archive: DirectoryArchive) -> None:
    archive.put(
        KEY, CONTENT, sha256=SHA256, retain_until=date(2036, 1, 1), content_type="application/pdf"
    )


def killed_puts(root: Path) -> Iterator[tuple[int, DirectoryArchive]]:
    """Archives in the state that a writer killed before operation 0, 1, 2 … leaves; until one
    writer comes to its end."""
    for operation in OPERATIONS:
        folder = root / str(operation)
        done = subprocess.run(
            [sys.executable, "-c", WRITER, str(folder), str(operation)], cwd=ROOT, check=False
        )
        if done.returncode == 0:
            return
        assert done.returncode == -signal.SIGKILL
        yield operation, DirectoryArchive(folder)
    pytest.fail("the writer does more file operations than are tried")


def test_a_killed_writer_leaves_all_of_an_object_or_nothing_and_the_next_one_finishes(
    tmp_path: Path,
) -> None:
    whole = nothing = 0
    for _, archive in killed_puts(tmp_path):
        found = archive.stat(KEY, None)
        assert found is None or found.sha256 == SHA256
        assert len(list(archive.walk())) == (0 if found is None else 1)
        whole, nothing = whole + (found is not None), nothing + (found is None)
        put(archive)
        assert archive.get(KEY, None) == CONTENT
        assert archive.retained_until(KEY, None) == date(2036, 1, 1)
    assert whole
    assert nothing
