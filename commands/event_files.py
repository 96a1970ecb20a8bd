"""Files of case events, read an event at a time and as often as is wanted."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import typer

from commands.failures import REFUSED
from commands.language import say, spoken
from commands.output import complain
from schemas.file_faults import os_words
from schemas.reading import SIZE_LIMIT

#: suffixes of JSON Lines
_LINES = {".jsonl", ".ndjson"}
#: events that are checked and sent together, and bytes that they hold at most
CHUNK_EVENTS, CHUNK_BYTES = 256, 4 * SIZE_LIMIT


@dataclass(frozen=True, kw_only=True)
class FileEvent:
    """One event in a file, as it is written there."""

    #: file, or file:line for JSON Lines
    where: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class EventFile:
    """A file that can be read again."""

    name: str
    #: a copy of what can be read once alone: a pipe
    source: Path | BinaryIO

    def events(self) -> Iterator[FileEvent]:
        """The file's events, from its beginning. The command ends where it cannot be read."""
        with _readable(self.name), self._open() as stream:
            if Path(self.name).suffix.lower() in _LINES or _holds_lines(stream):
                yield from self._lines(stream)
            else:
                stream.seek(0)
                yield FileEvent(where=self.name, raw=stream.read())

    def _open(self) -> AbstractContextManager[BinaryIO]:
        return self.source.open("rb") if isinstance(self.source, Path) else nullcontext(self.source)

    def _lines(self, stream: BinaryIO) -> Iterator[FileEvent]:
        stream.seek(0)
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield FileEvent(where=f"{self.name}:{number}", raw=line.removesuffix(b"\n"))


@contextmanager
def open_event_files(files: Sequence[Path]) -> Iterator[list[EventFile]]:
    """The files, each of which can be read several times within the block."""
    with ExitStack() as stack:
        yield [EventFile(name=str(file), source=_rereadable(file, stack)) for file in files]


def chunks(events: Iterable[FileEvent]) -> Iterator[list[FileEvent]]:
    """``events`` in order, in pieces; the same events make the same pieces."""
    chunk: list[FileEvent] = []
    size = 0
    for event in events:
        if chunk and (len(chunk) == CHUNK_EVENTS or size + len(event.raw) > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(event)
        size += len(event.raw)
    if chunk:
        yield chunk


def _rereadable(file: Path, stack: ExitStack) -> Path | BinaryIO:
    if file.is_file() or not file.exists():
        return file
    copy = stack.enter_context(TemporaryFile())  # noqa: SIM115 -- the stack closes it
    with _readable(str(file)), file.open("rb") as stream:
        shutil.copyfileobj(stream, copy)
    return copy


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """What happens while the file is read ends the command."""
    try:
        yield
    except OSError as error:
        complain(
            say(
                f"读不了 {name}：{spoken(os_words(error))}",
                f"cannot read {name}: {spoken(os_words(error))}",
            )
        )
        raise typer.Exit(REFUSED) from error


def _holds_lines(stream: BinaryIO) -> bool:
    """Whether the first two lines are a JSON object each: no single JSON text begins so."""
    stream.seek(0)
    found = 0
    for line in stream:
        if not line.strip():
            continue
        try:
            if not isinstance(json.loads(line), dict):
                return False
        except (ValueError, RecursionError):
            return False
        found += 1
        if found == 2:  # noqa: PLR2004 -- one line is one JSON either way
            return True
    return False
