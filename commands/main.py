"""The command ``hanyin``: one command, subcommands in the manner of git."""

import os
from importlib.metadata import version
from typing import Annotated, Literal

import typer

from commands import archive, case, documents, events, keys, templates
from commands.approving import approve
from commands.attaching import attach
from commands.bench import bench
from commands.case_ledger import ledger
from commands.demo import demo
from commands.doctor import doctor
from commands.due import due
from commands.language import choose
from commands.migrate import migrate
from commands.publish import publish
from commands.receipts import receipts
from commands.register import register
from commands.service import service
from commands.verify import verify
from commands.voiding import void
from commands.work import work

app = typer.Typer(
    name="hanyin",
    no_args_is_help=True,
    help="函印：社会保险待遇追缴文书的编号、用印、归档与送达 / letters of benefit recovery",
    # a traceback shows local variables: they may be a person's
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def hanyin(
    context: typer.Context,
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option(help="语言 / language (HANYIN_LANG)")
    ] = None,
    show_version: Annotated[bool, typer.Option("--version", help="版本 / version")] = False,
) -> None:
    """函印 Hanyin."""
    choose(lang)
    if show_version:
        typer.echo(f"hanyin {version('hanyin')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


for _command in (
    demo,
    work,
    publish,
    register,
    ledger,
    service,
    receipts,
    due,
    verify,
    doctor,
    migrate,
    bench,
):
    app.command()(_command)
for _on_documents in (approve, attach, void):
    documents.app.command()(_on_documents)
for _name, _group in (
    ("case", case.app),
    ("events", events.app),
    ("documents", documents.app),
    ("archive", archive.app),
    ("templates", templates.app),
    ("keys", keys.app),
):
    app.add_typer(_group, name=_name)


def main() -> None:
    """The entry point of the command; what it makes is its owner's alone.

    Ledger, queue, work files, letters and books name people, and umask is often lax.
    """
    os.umask(0o077)
    app()
