"""The work of ``hanyin verify``: every file examined, asked about, reported; the exit code."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from commands.language import say
from commands.output import note, print_json, print_line, watched
from commands.session import Session, open_session
from commands.verdicts import print_verdicts
from schemas.errors import Misconfigured
from schemas.file_faults import os_words
from signing.bearers import attributed
from signing.examiner_process import ExaminerProcess
from signing.verdict import Attribution, Verdict, Word
from signing.verifier import Verifier
from workers import bootstrap

#: exit codes; of several files the worst counts
GENUINE, NOT_GENUINE, UNKNOWN, NOT_IN_FORCE, ANOTHERS = 0, 1, 2, 3, 6
_WORST_FIRST = (NOT_GENUINE, UNKNOWN, ANOTHERS, NOT_IN_FORCE, GENUINE)

_Check = Callable[[Verdict], Verdict]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of which files."""

    #: files, and folders that stand for all that is in them
    files: Sequence[Path]
    #: code of the agency whose letters they must be; None: anybody's
    agency: str | None
    #: files with more roots of agencies' certificates, of time stamp authorities
    trust: Sequence[Path]
    trust_tsa: Sequence[Path]
    #: whether the ledger is asked
    ledger: bool


def answer(question: Question, process: ExaminerProcess, *, as_json: bool) -> int:
    """The exit code, after the report; ``process`` examines. Raises ``Misconfigured``."""
    # without the ledger nothing logs, and structlog takes as long to load as the rest
    session = open_session(logs=question.ledger)
    _require_known(session, question.agency)
    with ExitStack() as stack:
        check = _checks(session, question, stack)
        verifier = stack.enter_context(
            bootstrap.open_verifier(
                session.settings,
                session.directory,
                question.trust,
                question.trust_tsa,
                process,
            )
        )
        files = list(_files(question.files))
        verdicts = [
            (str(file), check(_verdict(verifier, file)))
            for file in watched(files, len(files), say("验证", "verifying"))
        ]
    if as_json:
        print_json([_row(file, verdict) for file, verdict in verdicts])
    else:
        print_verdicts(verdicts)
    found = Counter(_code(verdict) for _, verdict in verdicts)
    if len(verdicts) > 1 and not as_json:
        # to a pipe it would be one more file
        (print_line if sys.stdout.isatty() else note)(_summary(found))
    return next(code for code in _WORST_FIRST if code in found)


def _require_known(session: Session, agency: str | None) -> None:
    if agency is not None and session.directory.agency(agency) is None:
        known = ", ".join(entry.code for entry in session.directory.agencies)
        raise Misconfigured(
            f"--agency {agency}：没有这个经办机构；已配置：{known}",
            f"--agency {agency}: the directory has no such agency; it has {known}",
        )


def _checks(session: Session, question: Question, stack: ExitStack) -> _Check:
    """What is asked of a verdict beside the file: the ledger, and whose the letter is."""
    recorded: _Check = lambda verdict: verdict  # noqa: E731
    if question.ledger:
        # SQLAlchemy takes half a second to load
        from commands.recorded import against  # noqa: PLC0415

        recorded = against(stack.enter_context(session.ledger()))
    return lambda verdict: attributed(recorded(verdict), session.directory, question.agency)


def _files(named: Sequence[Path]) -> Iterator[Path]:
    """The files, and for a folder all in and below it in order, names that begin with . aside.

    A folder that cannot be read, or has no file, stands for itself.
    """
    for path in named:
        if not path.is_dir():
            yield path
            continue
        unread: list[Path] = []
        inside = sorted(_inside(path, unread))
        yield from [*inside, *unread] or [path]


def _inside(folder: Path, unread: list[Path]) -> Iterator[Path]:
    walk = os.walk(folder, onerror=lambda error: unread.append(Path(error.filename)))
    for place, below, names in walk:
        below[:] = [name for name in below if not name.startswith(".")]
        paths = (Path(place, name) for name in names if not name.startswith("."))
        # what is there and is no file would be waited for; a link to nothing cannot be read
        yield from (path for path in paths if path.is_file() or not path.exists())


def _verdict(verifier: Verifier, file: Path) -> Verdict:
    """The verdict on one file; the others are examined whatever becomes of it."""
    try:
        if file.is_dir():
            next(file.iterdir(), None)  # raises where it cannot be read
            return Verdict.unknown("folder_empty")
        return verifier.verify_file(file)
    except OSError as error:
        return Verdict.unknown("file_unreadable", why=os_words(error))


def _row(file: str, verdict: Verdict) -> dict[str, Any]:
    attribution = verdict.attribution or Attribution()
    return {"file": file, **verdict.as_dict(), **asdict(attribution)}


def _code(verdict: Verdict) -> int:
    if verdict.word is Word.NOT_GENUINE:
        return NOT_GENUINE
    if verdict.word is Word.UNKNOWN:
        return UNKNOWN
    if verdict.attribution is not None and verdict.attribution.matches_agency is False:
        return ANOTHERS
    return NOT_IN_FORCE if verdict.standing in {"void", "replaced"} else GENUINE


def _summary(found: Counter[int]) -> str:
    """How many files got which word; what no file got is left out, but for the first three."""
    words = {
        GENUINE: say("真实", "genuine"),
        NOT_GENUINE: say("不真实", "not genuine"),
        UNKNOWN: say("无法判断", "cannot tell"),
        ANOTHERS: say("属其他单位", "another body's"),
        NOT_IN_FORCE: say("真实但已作废或被替代", "genuine but void or replaced"),
    }
    always = {GENUINE, NOT_GENUINE, UNKNOWN}
    told = [
        say(f"{word} {found[code]}", f"{found[code]} {word}")
        for code, word in words.items()
        if code in found or code in always
    ]
    total = found.total()
    return say(f"共 {total} 个文件：{'，'.join(told)}", f"{total} files: {', '.join(told)}")
