"""A resident unoserver on a port of its own, with Hanyin's fonts."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.process import free_port

#: where ``make bench`` installs what ``bench/requirements.lock`` pins
LIBRARY = Path(__file__).parents[1] / ".cache" / "bench"
#: the wrapper: a new profile ends the program itself once, and unoserver does not start it anew
_OFFICE = "/usr/lib/libreoffice/program/soffice"


@contextmanager
def unoserver(folder: Path, fonts: Path) -> Iterator[Any]:
    """A client whose ``convert`` works; LibreOffice's python has ``uno``, ours has not."""
    port, uno_port = free_port(), free_port()
    variables = {**os.environ, "PYTHONPATH": str(LIBRARY), "FONTCONFIG_FILE": str(fonts)}
    words = ["/usr/bin/python3", "-m", "unoserver.server", "--port", str(port)]
    words += ["--uno-port", str(uno_port), "--executable", _OFFICE]
    words += ["--user-installation", str(folder / f"plain-{port}")]
    server = subprocess.Popen(
        words,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    sys.path.append(str(LIBRARY))
    # installed by itself, and not where mypy looks
    from unoserver.client import UnoClient  # noqa: PLC0415

    try:
        yield UnoClient(server="127.0.0.1", port=str(port), host_location="remote")
    finally:
        # the wrapper's LibreOffice too
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
