"""``hanyin verify``: is a letter genuine, who sealed it, when, and has anything changed."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from commands.output import print_json
from commands.session import open_session, told
from commands.verdicts import print_verdicts
from ledger.database import Database
from ledger.records import records_of
from signing.record import compared
from signing.verdict import Verdict, Word
from signing.verifier import Verifier
from workers import bootstrap

#: exit codes; of several files the worst counts
_GENUINE, _NOT_GENUINE, _UNKNOWN, _NOT_IN_FORCE = 0, 1, 2, 3
_WORST_FIRST = (_NOT_GENUINE, _UNKNOWN, _NOT_IN_FORCE, _GENUINE)

_Check = Callable[[Verdict], Verdict]


@told
def verify(
    files: Annotated[list[Path], typer.Argument(help="PDF 文件 / PDF files")],
    trust: Annotated[
        list[Path] | None, typer.Option(help="另加信任的根证书 / more trusted roots")
    ] = None,
    trust_tsa: Annotated[
        list[Path] | None,
        typer.Option(help="时间戳机构的根证书 / roots of time stamp authorities"),
    ] = None,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger",
            help="与台账核对文号、内容及是否作废 / compare with the ledger: ours, in force?",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """验证真伪：0 真实，1 不真实，2 不能判断，3 已作废 / 0 genuine, 1 not, 2 unknown, 3 void."""
    session = open_session()
    with ExitStack() as stack:
        check: _Check = lambda verdict: verdict  # noqa: E731
        if ledger:
            check = _against(stack.enter_context(session.ledger()))
        verifier = stack.enter_context(
            bootstrap.open_verifier(
                session.settings, session.directory, trust or [], trust_tsa or []
            )
        )
        verdicts = [(str(file), check(_verdict(verifier, file))) for file in files]
    if as_json:
        print_json([{"file": file, **verdict.as_dict()} for file, verdict in verdicts])
    else:
        print_verdicts(verdicts)
    found = {_code(verdict) for _, verdict in verdicts}
    raise typer.Exit(next(code for code in _WORST_FIRST if code in found))


def _verdict(verifier: Verifier, file: Path) -> Verdict:
    """The verdict on one file; the others are examined whatever becomes of it."""
    try:
        return verifier.verify_file(file)
    except OSError as error:
        return Verdict.unknown("file_unreadable", why=error.strerror)


def _against(database: Database) -> _Check:
    """What the ledger makes of a verdict."""

    def check(verdict: Verdict) -> Verdict:
        if verdict.word is not Word.GENUINE:
            return verdict
        with database.reading() as connection:
            return compared(verdict, records_of(connection, verdict.number or ""))

    return check


def _code(verdict: Verdict) -> int:
    if verdict.word is Word.NOT_GENUINE:
        return _NOT_GENUINE
    if verdict.word is Word.UNKNOWN:
        return _UNKNOWN
    return _NOT_IN_FORCE if verdict.standing in {"void", "replaced"} else _GENUINE
