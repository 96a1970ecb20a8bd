"""The report on verified files, for people."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

from books.layout import record, tab_separated
from commands.language import current, say
from commands.paging import screen
from schemas.codes import Problem
from schemas.visible import visible
from schemas.zone import CHINA
from signing.verdict import Addition, Attribution, Spelling, Verdict, Word

#: bold green, red, yellow (ECMA-48, SGR), on a terminal
_STYLES = {Word.GENUINE: "1;32", Word.NOT_GENUINE: "1;31", Word.UNKNOWN: "1;33"}
#: no more than is known of the bytes that the signature does not cover
_GENUINE = {
    Spelling.HELD: ("真实，签章后未改动", "genuine, unchanged since it was sealed"),
    Spelling.OPEN: ("真实：内容是所签章的内容", "genuine: it says what was sealed"),
    Spelling.OTHER: (
        "内容真实，但文件字节不是用印时所写（见提示）",
        "genuine in what it says, but OTHER BYTES than our sealing writes (see remarks)",
    ),
}
#: one line of the report: what it is about, what is to be said
_Line = tuple[str, str]


def print_verdicts(verdicts: Sequence[tuple[str, Verdict]]) -> None:
    """A report of each file for a terminal, a line of each for a pipe."""
    with screen() as stream:
        for line in _report(verdicts) if sys.stdout.isatty() else tab_separated(_rows(verdicts)):
            stream.write(f"{line}\n".encode())


def _report(verdicts: Sequence[tuple[str, Verdict]]) -> Iterator[str]:
    width = shutil.get_terminal_size().columns
    for file, verdict in verdicts:
        yield _coloured(visible(file), "1")
        word, *others = record(
            [(say("结论", "verdict"), _word(verdict)), *_lines(verdict)], width=width
        )
        yield _coloured(word, _STYLES[verdict.word])
        yield from others
        yield ""


def _rows(verdicts: Sequence[tuple[str, Verdict]]) -> Iterator[list[str]]:
    """File, verdict, number, signer, time, agency, level, ledger, reasons and remarks."""
    for file, verdict in verdicts:
        found = dict(_lines(verdict))
        # what a file says of itself is no finding where it is not genuine
        claims = _claims(verdict) if verdict.genuine else (("", None),) * 3
        told = [*_problems("", verdict.reasons), *_problems("", verdict.remarks)]
        yield [
            visible(file),
            _word(verdict),
            *(value or "" for _, value in claims),
            found.get(say("经办机构", "agency"), ""),
            found.get(say("级别", "level"), ""),
            found.get(say("台账", "ledger"), ""),
            "\n".join(sentences for _, sentences in told),
        ]


def _coloured(text: str, style: str) -> str:
    return text if "NO_COLOR" in os.environ else f"\x1b[{style}m{text}\x1b[0m"


def _word(verdict: Verdict) -> str:
    """The verdict in a sentence that claims no more than is known.

    A signature covers the whole file but for its own container: that the file is unchanged is
    known where our sealing fixed all of that, or the ledger has the file's digest.
    """
    if verdict.word is Word.NOT_GENUINE:
        return say("不真实", "NOT genuine")
    if verdict.word is Word.UNKNOWN:
        return say("无法判断", "cannot tell")
    if verdict.attribution is not None and verdict.attribution.matches_agency is False:
        return say("真实，但不是所询问机构的文书", "genuine, but ANOTHER BODY'S letter")
    if verdict.standing is not None:
        return _word_on_record(verdict.standing)
    return say(*_GENUINE[verdict.spelling])


def _word_on_record(standing: str) -> str:
    return {
        "in_force": say("真实：与台账登记的文件一致", "genuine: the letter on record"),
        "void": say("真实，但已作废", "genuine, but VOID"),
        "replaced": say("真实，但已被替代", "genuine, but REPLACED"),
    }[standing]


def _lines(verdict: Verdict) -> Iterator[_Line]:
    yield from _problems(say("原因", "reasons"), verdict.reasons)
    found = (
        (say("经办机构", "agency"), _agency(verdict.attribution)),
        (say("级别", "level"), f"PAdES {verdict.level}" if verdict.level else None),
        (say("证书吊销", "revocation"), _revocation(verdict)),
        (say("签章后追加", "added since"), _added(verdict)),
        (say("台账", "ledger"), _standing(verdict)),
    )
    # of a file that could not be judged, what it says of itself is no finding
    unproven = "" if verdict.genuine else say("（未核实）", " (not verified)")
    shown = [(title + unproven, value) for title, value in _claims(verdict)]
    for title, value in (*shown, *(found if verdict.genuine else ())):
        if value is not None:
            yield title, value
    yield from _problems(say("提示", "remarks"), verdict.remarks)


def _claims(verdict: Verdict) -> tuple[tuple[str, str | None], ...]:
    """What the file says of itself."""
    return (
        (say("文号", "number"), _plain(verdict.number)),
        (say("签章者", "sealed by"), _plain(verdict.signer)),
        (say("签章时间", "sealed at"), _sealed_at(verdict)),
    )


def _problems(title: str, problems: Sequence[Problem]) -> Iterator[_Line]:
    if problems:
        sentences = (p.message if current() == "zh" else p.message_en for p in problems)
        told = zip(sentences, problems, strict=True)
        yield title, "\n".join(f"{visible(sentence)} ({p.code})" for sentence, p in told)


def _sealed_at(verdict: Verdict) -> str | None:
    if verdict.sealed_at is None:
        return None
    if verdict.proven_at is None:
        whose = say("签名方自称", "the sealer's own word")
        return f"{_local(verdict.sealed_at)} ({whose})"
    proven = _local(verdict.proven_at)
    whose = say(f"时间戳证明不晚于 {proven}", f"a time stamp proves: not after {proven}")
    return f"{_local(verdict.sealed_at)} ({whose})"


def _agency(attribution: Attribution | None) -> str | None:
    if attribution is None:
        return None
    if attribution.agency is None:
        return say("不是本系统登记的机构", "none of this installation's")
    return visible(f"{attribution.agency} {attribution.body}")


def _revocation(verdict: Verdict) -> str | None:
    if verdict.revocation == "good" and verdict.proven_at is not None:
        return say("按所附数据，用印时未吊销", "by the data in the file, not revoked when sealed")
    words = {
        "good": say(
            "按所附数据，所称用印时间未吊销", "by the data in the file, not revoked at that time"
        ),
        "not_checked": say("未检查", "not checked"),
    }
    return words.get(verdict.revocation or "")


def _added(verdict: Verdict) -> str:
    if not verdict.additions:
        return say("文件末尾无追加", "nothing behind what was sealed")
    return "\n".join(map(_addition, verdict.additions))


def _addition(addition: Addition) -> str:
    if addition.at is None:
        return say("验证数据（证书、吊销信息）", "validation data (certificates, revocation)")
    time, by = _local(addition.at), _plain(addition.by)
    return say(f"时间戳 {time}，{by}", f"time stamp of {time} by {by}")


def _standing(verdict: Verdict) -> str | None:
    new = visible(verdict.replaced_by or "")
    words = {
        "in_force": say("本系统签发，有效", "ours, in force"),
        "void": say("本系统签发，已作废", "ours, void"),
        "replaced": say(f"本系统签发，已由 {new} 替代", f"ours, replaced by {new}"),
    }
    return words.get(verdict.standing or "")


def _plain(text: str | None) -> str | None:
    return None if text is None else visible(text)


def _local(time: datetime) -> str:
    return time.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")
