"""A command as a process that is forked, not started: it has its imports from the beginning.

Half of a short command's time goes to its imports. The process that is forked has one thread and
has run nothing; what comes of it is a process as any other, with files and environment of its own.
"""

import contextlib
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_MODULES = [
    *("commands.main", "commands.work", "commands.documents", "commands.archive"),
    *("commands.events", "commands.publish", "commands.migrate", "commands.register"),
    *("workers.assembly", "workers.sealing", "workers.stocktaking", "archive.s3"),
    *("rendering.doctor", "signing.verifier", "tests.building.fault_points"),
]
#: what Python runs at the start of a process whose PYTHONPATH names its folder
_CUSTOM = Path(__file__).parent / "fuse" / "sitecustomize.py"
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(_MODULES)


class Forked:
    """A process as ``subprocess.Popen`` has it, as far as the tests ask."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], output: Path, errors: Path
    ) -> None:
        self._words = [*words]
        for file in (output, errors):
            # there from the start, as with ``subprocess``
            file.touch()
        self._process = _FORKS.Process(
            target=_command, args=(self._words, {**environment}, str(Path.cwd()), output, errors)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended. Raises ``subprocess.TimeoutExpired``."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self._words, timeout or 0)
        return code

    def terminate(self) -> None:
        """It is told to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """It is killed."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """It has the signal, where it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def run_forked(
    words: Sequence[str], environment: Mapping[str, str], within: float
) -> subprocess.CompletedProcess[str]:
    """``hanyin`` with these words has run to its end, as ``subprocess.run`` would have run it.

    Raises ``subprocess.TimeoutExpired`` where that takes more than ``within`` seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder) / "output", Path(folder) / "errors"
        process = Forked(words, environment, output, errors)
        try:
            code = process.wait(within)
        finally:
            process.kill()
        return subprocess.CompletedProcess([*words], code, output.read_text(), errors.read_text())


def _command(
    words: list[str], environment: dict[str, str], folder: str, output: Path, errors: Path
) -> None:
    # a group of its own, which can be killed as one
    os.setsid()
    for number, file in ((1, output), (2, errors)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["hanyin", *words]
    if str(_CUSTOM.parent) in environment.get("PYTHONPATH", "").split(os.pathsep):
        runpy.run_path(str(_CUSTOM))
    # here, where the modules are there already
    from commands.main import main  # noqa: PLC0415

    main()
