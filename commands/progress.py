"""A bar on a terminal's stderr for what takes long."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from commands.output import progress_bar

if TYPE_CHECKING:
    from rich.progress import Progress

#: seconds that nobody minds to wait without a sign
_PATIENCE = 2


@contextmanager
def advancing(description: str, *, total: int | None) -> Iterator[Callable[[int], None]]:
    """Takes how much is done and shows it, once it takes longer than two seconds.

    ``total`` is None where nobody knows yet.
    """
    begun = time.monotonic()
    bar: Progress | None = None
    with ExitStack() as stack:

        def report(done: int) -> None:
            nonlocal bar
            if bar is None and sys.stderr.isatty() and time.monotonic() - begun > _PATIENCE:
                bar = stack.enter_context(progress_bar())
                bar.add_task(description, total=total)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)

        yield report
