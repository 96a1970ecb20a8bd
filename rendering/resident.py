"""A resident engine: a process of its own in a folder of its own, killed where it hangs.

A request is a JSON line on its standard input, the answer a JSON line on its standard output with
as many bytes behind it as its ``size`` says; the first answer says that it has started.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from schemas.errors import ProductionFailed, Unavailable
from schemas.file_faults import os_words
from schemas.sentence import Sentence

#: bytes of free disk under which a conversion that failed is not blamed on its letter
_ROOM = 16 * 1024 * 1024


class Answer(NamedTuple):
    """What the process answered."""

    message: Mapping[str, Any]
    #: the bytes behind it
    content: bytes


_DIED = Answer({"ok": False, "reason": "died"}, b"")


def _removed(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


class Resident:
    """One process, started by its engine when it is needed. Not for several threads."""

    def __init__(
        self, work_dir: Path, *, kind: str, clear: Callable[[Path], None] = _removed
    ) -> None:
        """``kind`` begins its folder's name; ``clear`` removes the folder of an ended process."""
        self._work_dir, self._kind, self._clear = work_dir, kind, clear
        self._host: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    @property
    def folder(self) -> Path | None:
        """Where it works; None where it does not run."""
        runs = self._host is not None and self._host.poll() is None
        return self._folder if runs else None

    @property
    def process_id(self) -> int | None:
        """Its id, which is its process group's; None where it was not started."""
        return self._host.pid if self._host else None

    def new_folder(self) -> Path:
        """A folder for the process that is started next; what was before has ended."""
        self.close()
        self._work_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sweep()
        prefix = f"{self._kind}-{os.getpid()}-"
        self._folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self._work_dir.resolve()))
        return self._folder

    def start(self, words: Sequence[str], variables: Mapping[str, str]) -> None:
        """The process runs in its folder. Raises ``OSError``."""
        self._host = subprocess.Popen(
            words,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            # a process group of its own, so that all of it can be killed
            start_new_session=True,
        )

    def ask(self, request: Mapping[str, Any], seconds: float) -> Answer | None:
        """The answer; None after ``seconds`` without one."""
        if self._host is None or self._host.stdin is None:
            return _DIED
        try:
            self._host.stdin.write(json.dumps(request).encode() + b"\n")
            self._host.stdin.flush()
        except OSError:
            return _DIED
        return self.read(seconds)

    def read(self, seconds: float) -> Answer | None:
        """The next answer; None after ``seconds`` without one."""
        if self._host is None or self._host.stdout is None:
            return _DIED
        deadline = time.monotonic() + seconds
        read, wanted, message = bytearray(), -1, {}
        with selectors.DefaultSelector() as selector:
            selector.register(self._host.stdout, selectors.EVENT_READ)
            while wanted < 0 or len(read) < wanted:
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    return None
                piece = os.read(self._host.stdout.fileno(), 1 << 20)
                if not piece:
                    return _DIED
                read += piece
                if wanted < 0 and (end := read.find(b"\n")) >= 0:
                    message = json.loads(read[:end])
                    wanted = message.get("size", 0)
                    del read[: end + 1]
        return Answer(message, bytes(read))

    def close(self) -> None:
        """The process has ended, with all that it started, and its folder is gone."""
        host, self._host = self._host, None
        if host is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(host.pid, signal.SIGKILL)
            host.wait()
            for stream in (host.stdin, host.stdout):
                with contextlib.suppress(OSError):
                    if stream is not None:
                        stream.close()
        folder, self._folder = self._folder, None
        if folder is not None:
            self._clear(folder)

    def sweep(self) -> None:
        """Folders of processes that were killed are gone."""
        for folder in self._work_dir.glob(f"{self._kind}-*-*"):
            owner = folder.name.split("-")[1]
            if owner.isdigit() and not Path(f"/proc/{owner}").exists():
                self._clear(folder)

    # -- what goes wrong

    def give_up(self, code: str, **values: Any) -> NoReturn:
        """It has ended; raises ``ProductionFailed`` ``code``, or ``Unavailable`` on a full disk."""
        # before its folder is gone
        full = shutil.disk_usage(self._work_dir).free < _ROOM
        self.close()
        if full:
            raise self._no_room(Sentence("已满", "full"))
        raise ProductionFailed(code, final=False, **values)

    @contextlib.contextmanager
    def on_disk(self) -> Iterator[None]:
        """An ``OSError`` of the block ends it, and comes out as ``Unavailable``."""
        try:
            yield
        except OSError as error:
            self.close()
            raise self._no_room(os_words(error)) from error

    def _no_room(self, what: Sentence) -> Unavailable:
        return Unavailable(
            f"{self._work_dir} 所在的磁盘不能使用（{what.zh}）",
            f"the disk of {self._work_dir} cannot be used ({what.en})",
        )
