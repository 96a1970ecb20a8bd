"""A resident LibreOffice: a process tree of its own, started when needed, killed when it hangs."""

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rendering.language import tell_chinese
from rendering.profile import write_profile
from rendering.resident import Resident
from schemas.errors import Misconfigured, Unavailable
from schemas.file_faults import os_words

_HOST = Path(__file__).with_name("office_host.py")
#: letters after which LibreOffice is started anew: its memory grows slowly
_LETTERS_A_LIFE = 500
#: seconds for LibreOffice to start; the host gives up a little earlier
_START_SECONDS = 70.0
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
        self._process = Resident(settings.work_dir, kind="office", clear=clear_folder)
        self._letters = 0

    def convert(self, word: bytes, *, title: str) -> bytes:
        """The PDF/A-2b file, in Chinese, of the Word file.

        Raises ``ProductionFailed``: conversion_failed where LibreOffice cannot read it or died
        of it, conversion_timeout where it took too long; ``Unavailable`` where the disk is full,
        for which no letter is to blame. LibreOffice is started anew by the next call then.
        """
        with self._process.on_disk():
            return self._convert(word, title)

    def _convert(self, word: bytes, title: str) -> bytes:
        if self._letters >= _LETTERS_A_LIFE:
            self.close()
        folder = self._running()
        source, target = folder / "letter.docx", folder / "letter.pdf"
        source.write_bytes(word)
        target.unlink(missing_ok=True)
        self._letters += 1
        answer = self._process.ask(
            {"load": str(source), "store": str(target), "title": title}, self._settings.timeout
        )
        if answer is None:
            self._process.give_up("conversion_timeout", seconds=self._settings.timeout)
        if not answer.message["ok"] or not target.is_file():
            # it may exit well and write nothing
            reason = answer.message.get("reason", "nothing written")
            self._process.give_up("conversion_failed", reason=reason)
        return tell_chinese(target.read_bytes())

    @property
    def process_id(self) -> int | None:
        """The host's process id, which is its process group's; None where it does not run."""
        return self._process.process_id

    def close(self) -> None:
        """LibreOffice has ended, with all that it started; its profile and sockets are gone."""
        self._process.close()
        self._letters = 0

    def _running(self) -> Path:
        if (folder := self._process.folder) is not None:
            return folder
        self._letters = 0
        folder = self._process.new_folder()
        self._start(folder)
        answer = self._process.read(_START_SECONDS)
        if answer is None or not answer.message["ok"]:
            # no letter is to blame
            self.close()
            raise Unavailable(
                "LibreOffice 没有启动，或缺少 Basic；hanyin doctor 查找原因",
                "LibreOffice did not start, or has no Basic; `hanyin doctor` looks for the reason",
            )
        return folder

    def _start(self, folder: Path) -> None:
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
            self._process.start(words, variables)
        except OSError as error:
            raise Misconfigured(
                f"HANYIN_OFFICE_PYTHON {self._settings.python} 无法启动：{os_words(error).zh}",
                f"HANYIN_OFFICE_PYTHON {self._settings.python} cannot be started:"
                f" {os_words(error).en}",
            ) from error


def clear_folder(folder: Path) -> None:
    """The folder of an ended LibreOffice is gone, and so are its sockets."""
    with contextlib.suppress(OSError):
        for pipe in (folder / "pipes").read_text().splitlines():
            if Path(pipe).is_socket():
                Path(pipe).unlink()
    shutil.rmtree(folder, ignore_errors=True)
