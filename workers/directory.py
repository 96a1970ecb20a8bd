"""Agencies, banks and sources, read from their file."""

from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from schemas.configuration import Agency, Directory
from schemas.documents import NUMBERED, Issuer
from schemas.errors import Misconfigured
from schemas.model_faults import faults_of
from schemas.sentence import Sentence
from workers.permission import OPERATOR
from workers.toml_file import read_toml


def load_directory(file: Path | None) -> Directory:
    """The directory in ``file``, the demo's where it is None.

    Raises ``Misconfigured`` that names the file and every wrong, missing or unknown name in it.
    """
    name = str(file) if file else "config/demo.toml"
    try:
        source = file or resources.files("config") / "demo.toml"
        found = Directory.model_validate(read_toml(source, "HANYIN_DIRECTORY_FILE"))
    except ValidationError as error:
        faults = faults_of(error)
        raise Misconfigured(f"{name}：{faults.zh}", f"{name}: {faults.en}") from None
    _check(found, name)
    return found


def require_users(directory: Directory) -> None:
    """Raise ``Misconfigured`` where a source says neither ``user`` nor ``anonymous``.

    On RabbitMQ alone: there any system's user could speak for that source's agencies.
    """
    unguarded = directory.unguarded()
    if unguarded:
        raise Misconfigured.of(
            Sentence(
                f"来源 {source.source}（{source.slug}）没有写 user，任何 RabbitMQ 用户都能代它的"
                "经办机构发言：请把 user 设为代它发布的用户，或写 anonymous = true",
                f"source {source.source} ({source.slug}) names no user, so any RabbitMQ user could"
                " speak for its agencies: set user to the one that publishes for it, or"
                " anonymous = true",
            )
            for source in unguarded
        )


def _check(directory: Directory, name: str) -> None:
    faults = [
        *_twice("经办机构", "agency", [agency.code for agency in directory.agencies]),
        *_twice("银行", "bank", [bank.name for bank in directory.banks]),
        *_twice("银行代码", "bank code", [code for bank in directory.banks for code in bank.codes]),
        *_twice("来源", "source", [source.source for source in directory.sources]),
        *_twice("来源的 slug", "source slug", [source.slug for source in directory.sources]),
    ]
    known = {agency.code for agency in directory.agencies}
    faults += [
        Sentence(
            f"来源 {source.source} 中的经办机构 {code} 不存在",
            f"source {source.source} names the unknown agency {code}",
        )
        for source in directory.sources
        for code in source.agencies
        if code not in known
    ]
    faults += [
        Sentence(
            f"经办机构 {agency.code} 没有密钥（seal.key_file、pkcs11 或 remote），又不是演示机构",
            f"agency {agency.code} has no key (seal.key_file, pkcs11 or remote) and is not a demo",
        )
        for agency in directory.agencies
        if not agency.demo and not agency.seal.has_key
    ]
    faults += [fault for agency in directory.agencies for fault in _series_faults(agency)]
    faults += [
        Sentence(
            f"经办机构 {agency.code}：approval 中的 {kind.value} 没有文号",
            f"agency {agency.code}: approval names {kind.value}, which has no number",
        )
        for agency in directory.agencies
        if agency.approval != "all"
        for kind in sorted(agency.approval - NUMBERED)
    ]
    faults += [
        Sentence(
            f"来源 {source.source} 是本程序自己的；请换一个",
            f"source {source.source} is the program's own; name another",
        )
        for source in directory.sources
        if source.source.startswith(OPERATOR)
    ]
    if faults:
        wrong = Sentence.joined(faults)
        raise Misconfigured(f"{name}：{wrong.zh}", f"{name}: {wrong.en}")


def _series_faults(agency: Agency) -> list[Sentence]:
    """A body draws from a series of its own: two who draw from one would share its numbers."""
    own = {agency.series_of(kind) for kind in NUMBERED}
    bodies = [body for issuer in Issuer if (body := agency.body_of(issuer)) is not None]
    taken = [*own, *(body.series for body in bodies)]
    return [
        Sentence(
            f"经办机构 {agency.code}：{body.name}的字号 {body.series} 并非专用",
            f"agency {agency.code}: the series {body.series} of {body.name} is not its own alone",
        )
        for body in bodies
        if taken.count(body.series) > 1
    ]


def _twice(zh: str, en: str, values: list[str]) -> list[Sentence]:
    return [
        Sentence(f"{zh} {value} 重复", f"{en} {value} stands twice")
        for value in sorted(set(values))
        if values.count(value) > 1
    ]
