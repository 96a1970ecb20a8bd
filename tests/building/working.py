"""Workers of an installation: at work for a while, and what must be true when all is done."""

import contextlib
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.building.installation import Installation
from tests.building.judge import gather, judge

#: seconds after which the claims of a dead or frozen worker run out
LEASE = 5


def patient(installation: Installation) -> Installation:
    """The same, whose claims run out soon, and where no number of kills sets a document aside."""
    variables = {
        "HANYIN_LEASE_SECONDS": str(LEASE),
        "HANYIN_ATTEMPTS": "100",
        "HANYIN_RETRY_SECONDS": "0.2",
    }
    return Installation(name=installation.name, variables={**installation.variables, **variables})


@contextlib.contextmanager
def at_work(installation: Installation) -> Iterator["subprocess.Popen[bytes]"]:
    """Workers run, and are ended in order at the end of the block."""
    tree = subprocess.Popen(
        installation.command("work"), env=installation.environment, stderr=subprocess.DEVNULL
    )
    try:
        yield tree
        assert tree.poll() is None, "the workers ended by themselves"
    finally:
        tree.terminate()
        try:
            tree.wait(60)
        except subprocess.TimeoutExpired:
            tree.kill()
            tree.wait()


def drained_and_judged(installation: Installation, events: Iterable[Mapping[str, Any]]) -> None:
    """All that can be done is done, and no guarantee is broken."""
    installation.run("work", "--drain", codes=(0, 3))
    assert judge(gather(installation, [dict(event) for event in events])) == []
