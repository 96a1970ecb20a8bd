"""A command as a process that is forked, not started: it has its imports from the beginning.

Half of a short command's time goes to its imports. The process that is forked has one thread and
has run nothing; what comes of it is a process as any other, with files and environment of its own.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_MODULES = [
    *("commands.main", "commands.work", "commands.documents", "commands.archive"),
    *("commands.events", "commands.publish", "commands.migrate", "commands.register"),
    *("archive.s3", "rendering.doctor", "signing.verifier"),
]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(_MODULES)


def run_forked(
    words: Sequence[str], environment: Mapping[str, str], within: float
) -> subprocess.CompletedProcess[str]:
    """``hanyin`` with these words has run to its end, as ``subprocess.run`` would have run it.

    Raises ``subprocess.TimeoutExpired`` where that takes more than ``within`` seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder) / "output", Path(folder) / "errors"
        process = _FORKS.Process(
            target=_command, args=([*words], {**environment}, str(Path.cwd()), output, errors)
        )
        process.start()
        process.join(within)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired([*words], within)
        return subprocess.CompletedProcess(
            [*words], process.exitcode, output.read_text(), errors.read_text()
        )


def _command(
    words: list[str], environment: dict[str, str], folder: str, output: Path, errors: Path
) -> None:
    for number, file in ((1, output), (2, errors)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["hanyin", *words]
    # here, where the modules are there already
    from commands.main import main  # noqa: PLC0415

    main()
