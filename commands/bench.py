"""``hanyin bench``: how fast made-up cases become letters on this installation's own servers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from commands.county import as_bytes, month_of_cases
from commands.language import say
from commands.output import Column, print_json, print_rows, progress_bar
from commands.sending import outgoing
from commands.session import Session, open_session, told
from schemas.errors import Misconfigured
from workers import bootstrap
from workers.measuring import Measured, Measuring, Report

#: cases that warm it up: Typst starts, templates and keys are read
_WARM = 4
_MIB = 1024 * 1024

_COLUMNS: list[Column] = [("what", "项目", "what"), ("value", "数值", "value")]


@told
def bench(
    cases: Annotated[
        int, typer.Option(help="虚构案件数，队列排满 / cases, all waiting", min=1, max=10000)
    ] = 24,
    idle: Annotated[
        int, typer.Option(help="再逐个发布的案件数 / cases one by one", min=1, max=1000)
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """测量本机速度：须是空的安装 / Measure this installation; it must be empty.

    演示机构的虚构案件成为文书，用印、归档、送出
    / Made-up cases of the demonstration agency become letters, sealed, stored and announced.
    """
    session = open_session()
    if session.settings.directory_file is not None:
        raise Misconfigured(
            "HANYIN_DIRECTORY_FILE 中是真实的经办机构；测速不用它：请取消该设置",
            "HANYIN_DIRECTORY_FILE names real agencies; the bench runs without it: unset it",
        )
    bootstrap.prepare(session.settings, session.directory)
    events = [as_bytes(e) for e in month_of_cases(_WARM + cases + idle) if _opens(e)]
    with (
        session.ledger() as database,
        _publisher(session) as publish,
        Measuring(database, publish) as measuring,
        _bar() as report,
    ):
        measuring.measure(events[:_WARM], report)
        full = measuring.measure(events[_WARM : _WARM + cases], report)
        single = [measuring.measure([each], report) for each in events[_WARM + cases :]]
    figures = _figures(full, single)
    if as_json:
        print_json(figures)
    else:
        rows = [{"what": _word(key), "value": value} for key, value in figures.items()]
        print_rows(say("速度", "Speed"), _COLUMNS, rows, as_json=False)


def _opens(event: dict[str, Any]) -> bool:
    return "confirmed" in event["type"]


@contextmanager
def _publisher(session: Session) -> Iterator[Any]:
    outlet = bootstrap.open_events_outlet(session.settings, session.directory)
    try:
        yield lambda events: outlet.publish([outgoing(raw) for raw in events])
    finally:
        outlet.close()


@contextmanager
def _bar() -> Iterator[Report]:
    """What is left of the most that was left."""
    with progress_bar() as bar:
        task = bar.add_task(say("制作", "making"), total=None)
        most = 0

        def report(left: int) -> None:
            nonlocal most
            most = max(most, left)
            bar.update(task, total=most, completed=most - left)

        yield report


def _figures(full: Measured, single: Sequence[Measured]) -> dict[str, float | int]:
    waits = sorted(wait for each in single for wait in each.waits)
    return {
        "letters": full.letters,
        "letters_a_second": round(full.letters / full.seconds, 2),
        "p50_queue_full_s": round(full.wait(0.5), 2),
        "p99_queue_full_s": round(full.wait(0.99), 2),
        "p50_idle_s": round(waits[len(waits) // 2], 3),
        "p99_idle_s": round(waits[min(int(0.99 * len(waits)), len(waits) - 1)], 3),
        "cpu_a_letter_ms": round(full.used.seconds / full.letters * 1000),
        "memory_mib": round(full.used.memory / _MIB),
    }


def _word(key: str) -> str:
    return {
        "letters": say("文书", "letters"),
        "letters_a_second": say("每秒文书", "letters a second"),
        "p50_queue_full_s": say("队列排满时至公告，中位，秒", "p50 to announced, queue full, s"),
        "p99_queue_full_s": say("队列排满时至公告，99%，秒", "p99 to announced, queue full, s"),
        "p50_idle_s": say("空闲时至公告，中位，秒", "p50 to announced, idle, s"),
        "p99_idle_s": say("空闲时至公告，99%，秒", "p99 to announced, idle, s"),
        "cpu_a_letter_ms": say("每份文书 CPU，毫秒", "CPU a letter, ms"),
        "memory_mib": say("内存，MiB", "memory, MiB"),
    }[key]
