"""``hanyin verify``: is a letter genuine, whose is it, when was it sealed, what came since."""

from pathlib import Path
from typing import Annotated

import typer

from commands.session import told
from signing.examiner_process import ExaminerProcess


@told
def verify(
    files: Annotated[
        list[Path],
        typer.Argument(help="PDF 文件；文件夹表示其中全部文件 / PDF files; a folder is all in it"),
    ],
    agency: Annotated[
        str | None,
        typer.Option(help="应为此经办机构（代码）的文书 / must be this agency's, by its code"),
    ] = None,
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
    """验证真伪：是否真实、由谁签章 / Whether a letter is genuine, and whose.

    0 真实，1 不真实，2 不能判断，3 已作废或被替代，6 属其他单位；多个文件取最坏者
    / 0 genuine, 1 not, 2 cannot tell, 3 void or replaced, 6 another's; of several the worst.
    """
    with ExaminerProcess() as process:
        # the process loads for half a second, and so does the rest: both at the same time
        from commands.verification import Question, answer  # noqa: PLC0415

        question = Question(
            files=files,
            agency=agency,
            trust=trust or [],
            trust_tsa=trust_tsa or [],
            ledger=ledger,
        )
        raise typer.Exit(answer(question, process, as_json=as_json))
