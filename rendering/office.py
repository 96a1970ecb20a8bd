"""A resident LibreOffice: a process tree of its own, started when needed, killed when it hangs."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import structlog

from rendering.language import tell_chinese
from rendering.profile import write_profile
from schemas.errors import Misconfigured, ProductionFailed, Unavailable
from schemas.file_faults import os_words
from schemas.sentence import Sentence

_log = structlog.get_logger(__name__)

_HOST = Path(__file__).with_name("office_host.py")
#: letters after which LibreOffice is started anew: its memory grows slowly
_LETTERS_A_LIFE = 500
#: seconds for LibreOffice to start; the host gives up a little earlier
_START_SECONDS = 70.0
#: bytes of free disk under which a conversion that failed is not blamed on its letter
_ROOM = 16 * 1024 * 1024
#: where LibreOffice's program is looked for
_PROGRAMS = (
    "/usr/lib/libreoffice/program/soffice.bin",
    "/usr/lib64/libreoffice/program/soffice.bin",
    "/opt/libreoffice/program/soffice.bin",
)


def find_program(configured: Path | None) -> Path:
    """LibreOffice's ``soffice.bin``. Raises ``Misconfigured``.

    The program itself, not the wrapper ``soffice``: killing the wrapper leaves the program.
    """
    candidates = [configured] if configured else [Path(name) for name in _PROGRAMS]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise Misconfigured(
        f"LibreOffice 不在 {', '.join(map(str, candidates))}：请运行 make setup-office，"
        "或用 HANYIN_OFFICE_PROGRAM 指明其 soffice.bin",
        f"LibreOffice is not at {', '.join(map(str, candidates))}: run `make setup-office`,"
        " or set HANYIN_OFFICE_PROGRAM to its soffice.bin",
    )


@dataclass(frozen=True, kw_only=True)
class OfficeSettings:
    """What an ``Office`` is started with."""

    #: folder for profiles and files on their way; readable by its owner alone
    work_dir: Path
    #: a python3 with the ``uno`` module
    python: Path
    #: ``soffice.bin``; None: where the distributions put it
    program: Path | None
    #: seconds that one conversion may take
    timeout: float
    #: variables of LibreOffice's environment (its font configuration)
    variables: Mapping[str, str] = field(default_factory=dict)


class Office:
    """Converts Word files, one at a time. Not for several threads."""

    def __init__(self, settings: OfficeSettings) -> None:
        self._settings = settings
        self._host: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._letters = 0

    def convert(self, word: bytes, *, title: str) -> bytes:
        """The PDF/A-2b file, in Chinese, of the Word file.

        Raises ``ProductionFailed``: conversion_failed where LibreOffice cannot read it or died
        of it, conversion_timeout where it took too long; ``Unavailable`` where the disk is full,
        for which no letter is to blame. LibreOffice is started anew by the next call then.
        """
        try:
            return self._convert(word, title)
        except OSError as error:
            self.close()
            raise self._no_room(os_words(error)) from error

    def _convert(self, word: bytes, title: str) -> bytes:
        if self._letters >= _LETTERS_A_LIFE:
            self.close()
        folder = self._running()
        source, target = folder / "letter.docx", folder / "letter.pdf"
        source.write_bytes(word)
        target.unlink(missing_ok=True)
        self._letters += 1
        answer = self._ask(
            {"load": str(source), "store": str(target), "title": title}, self._settings.timeout
        )
        if answer is None:
            self._give_up("conversion_timeout", seconds=self._settings.timeout)
        if not answer["ok"] or not target.is_file():
            # it may exit well and write nothing
            self._give_up("conversion_failed", reason=answer.get("reason", "nothing written"))
        return tell_chinese(target.read_bytes())

    def _give_up(self, code: str, **values: Any) -> NoReturn:
        """LibreOffice has ended; raises ``ProductionFailed``, or ``Unavailable`` on a full disk."""
        # before its profile is gone
        full = shutil.disk_usage(self._settings.work_dir).free < _ROOM
        self.close()
        if full:
            raise self._no_room(Sentence("已满", "full"))
        raise ProductionFailed(code, final=False, **values)

    def _no_room(self, what: Sentence) -> Unavailable:
        return Unavailable(
            f"{self._settings.work_dir} 所在的磁盘不能使用（{what.zh}）",
            f"the disk of {self._settings.work_dir} cannot be used ({what.en})",
        )

    @property
    def process_id(self) -> int | None:
        """The host's process id, which is its process group's; None where it does not run."""
        return self._host.pid if self._host else None

    def close(self) -> None:
        """LibreOffice has ended, with all that it started; its profile and sockets are gone."""
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
            _clear(folder)
        self._letters = 0

    def _running(self) -> Path:
        if self._host is not None and self._host.poll() is None and self._folder is not None:
            return self._folder
        self.close()
        self._settings.work_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(self._settings.work_dir)
        prefix = f"office-{os.getpid()}-"
        self._folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self._settings.work_dir.resolve()))
        self._host = self._start(self._folder)
        answer = self._read_answer(_START_SECONDS)
        if answer is None or not answer["ok"]:
            # no letter is to blame
            self.close()
            raise Unavailable(
                "LibreOffice 没有启动，或缺少 Basic；hanyin doctor 查找原因",
                "LibreOffice did not start, or has no Basic; `hanyin doctor` looks for the reason",
            )
        return self._folder

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        program, profile = find_program(self._settings.program), folder / "profile"
        write_profile(profile, program)
        words: Sequence[str] = (
            str(self._settings.python),
            "-I",
            str(_HOST),
            str(os.getpid()),
            str(program),
            str(profile),
        )
        plain = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        # its temporary files lie where it works; what it would dump, too (cwd)
        own = {"HOME": str(folder), "TMPDIR": str(folder)}
        variables = {**plain, **own, **self._settings.variables}
        try:
            return subprocess.Popen(
                words,
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                # a process group of its own, so that all of it can be killed
                start_new_session=True,
            )
        except OSError as error:
            raise Misconfigured(
                f"HANYIN_OFFICE_PYTHON {self._settings.python} 无法启动：{os_words(error).zh}",
                f"HANYIN_OFFICE_PYTHON {self._settings.python} cannot be started:"
                f" {os_words(error).en}",
            ) from error

    def _ask(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        host = self._host
        if host is None or host.stdin is None:
            return {"ok": False, "reason": "not running"}
        try:
            host.stdin.write(json.dumps(request).encode() + b"\n")
            host.stdin.flush()
        except OSError:
            return {"ok": False, "reason": "died"}
        return self._read_answer(seconds)

    def _read_answer(self, seconds: float) -> dict[str, Any] | None:
        """The host's next answer; None after ``seconds`` without one."""
        host = self._host
        if host is None or host.stdout is None:
            return None
        deadline = time.monotonic() + seconds
        line = b""
        with selectors.DefaultSelector() as selector:
            selector.register(host.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    return None
                piece = os.read(host.stdout.fileno(), 65536)
                if not piece:
                    return {"ok": False, "reason": "died"}
                line += piece
        answer: dict[str, Any] = json.loads(line)
        return answer


def _sweep(work_dir: Path) -> None:
    """Folders of processes that were killed are gone."""
    for folder in work_dir.glob("office-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            _clear(folder)


def _clear(folder: Path) -> None:
    """The folder of an ended LibreOffice is gone, and so are its sockets."""
    with contextlib.suppress(OSError):
        for pipe in (folder / "pipes").read_text().splitlines():
            if Path(pipe).is_socket():
                Path(pipe).unlink()
    shutil.rmtree(folder, ignore_errors=True)
