"""``hanyin keys``: the agencies' keys and certificates."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from cryptography.hazmat.primitives.serialization import Encoding

from commands.failures import REFUSED
from commands.language import say
from commands.output import (
    Column,
    JsonOption,
    complain,
    note,
    print_json,
    print_lines,
    print_rows,
    report_files,
)
from commands.session import Session, open_session, told
from schemas.configuration import Agency
from schemas.documents import Issuer
from schemas.errors import CannotSeal, HanyinError, Misconfigured
from workers.trust import trusted_roots

if TYPE_CHECKING:
    from workers.sealing import SealRoom

_COLUMNS: list[Column] = [
    ("agency", "机构", "agency"),
    ("issuer", "署名", "issuer"),
    ("subject", "证书主体", "subject"),
    ("serial", "序列号", "serial"),
    ("not_after", "有效期至", "valid until"),
    ("days_left", "剩余天数", "days left"),
    ("problem", "问题", "problem"),
]


@told
def show(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """各机构及其署名部门的证书、剩余天数 / Each agency's and body's certificate, its days left."""
    session = open_session()
    session.require_installation()
    rows = _rows(session)
    print_rows(say("密钥", "Keys"), _COLUMNS, rows, as_json=as_json)
    if any(row["problem"] for row in rows):
        raise typer.Exit(REFUSED)


@told
def import_(
    agency: Annotated[str, typer.Argument(help="经办机构代码 / agency code")],
    file: Annotated[Path, typer.Argument(help="PKCS#12 (.p12, .pfx), PEM")],
    passphrase_file: Annotated[
        Path | None, typer.Option(help="口令文件 / file with the pass phrase")
    ] = None,
    certificate_file: Annotated[
        Path | None, typer.Option(help="证书链（PEM） / certificates, where the key has none")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """检查并存好密钥，给出要写的设置 / Check and store a key; print what to set."""
    from signing.keyfiles import load_key_file  # noqa: PLC0415 -- a second to load, for this command only
    from signing.opening import completed, demand_own, require_accepted  # noqa: PLC0415 -- as above

    session = open_session()
    found = session.directory.agency(agency)
    if found is None:
        known = ", ".join(entry.code for entry in session.directory.agencies)
        raise Misconfigured(
            f"没有经办机构 {agency}；已配置：{known}",
            f"there is no agency {agency}; the directory has {known}",
        )
    roots = trusted_roots(session.settings, session.directory)
    key = completed(load_key_file(file, passphrase_file, certificate_file), roots)
    # a key that would only make letters wait is not taken in
    demand_own(key, found)
    require_accepted(key, session.settings.seal_purposes)
    key.demand_valid(datetime.now(UTC))
    _require_trial(session, found, file, passphrase_file, certificate_file)
    folder = session.settings.home / "keys"
    stored = _store(folder / f"agency-{agency}{_ending(file)}", file.read_bytes())
    lines = ["[agencies.seal]", f'key_file = "{stored.resolve()}"']
    if passphrase_file is not None:
        phrase = _store(folder / f"agency-{agency}.pass", passphrase_file.read_bytes())
        lines.append(f'key_passphrase_file = "{phrase.resolve()}"')
    if certificate_file is not None:
        chain = _store(folder / f"agency-{agency}.crt", certificate_file.read_bytes())
        lines.append(f'certificate_file = "{chain.resolve()}"')
    note(say(f"证书：{key.subject}", f"certificate: {key.subject}"))
    note(say("写入设置：", "set:"))
    print_lines(lines, as_json=as_json)


@told
def demo(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 / file")] = None,
    as_json: JsonOption = False,
) -> None:
    """演示机构的根证书（PEM），供别处验证 / The demo authority's root, to verify elsewhere."""
    from workers.trust import demo_authority  # noqa: PLC0415 -- as above

    session = open_session()
    session.require_installation()
    root = demo_authority(session.settings).root()
    pem = root.public_bytes(Encoding.PEM)
    if output is not None:
        output.write_bytes(pem)
        report_files([output], as_json=as_json)
    elif as_json:
        print_json([{"pem": pem.decode("ascii")}])
    else:
        sys.stdout.write(pem.decode("ascii"))


def _require_trial(
    session: Session, agency: Agency, file: Path, passphrase: Path | None, certificates: Path | None
) -> None:
    """Raise ``CannotSeal`` unless what the key seals, set up as it will be, is found genuine."""
    from workers.sealing import SealRoom  # noqa: PLC0415 -- as above

    key = {
        "key_file": file,
        "key_passphrase_file": passphrase,
        "certificate_file": certificates,
        "pkcs11": None,
        "remote": None,
    }
    set_up = {name: str(value) if value else None for name, value in key.items()}
    seal = agency.seal.model_copy(update=set_up)
    others = [each for each in session.directory.agencies if each.code != agency.code]
    mine = agency.model_copy(update={"seal": seal})
    directory = session.directory.model_copy(update={"agencies": [mine, *others]})
    SealRoom(session.settings, directory).require_trial(agency.code)


def _rows(session: Session) -> list[dict[str, Any]]:
    from workers.sealing import SealRoom  # noqa: PLC0415 -- as above

    room = SealRoom(session.settings, session.directory)
    return [
        _row(room, agency, issuer)
        for agency in session.directory.agencies
        for issuer in Issuer
        if agency.writes_as(issuer)
    ]


def _row(room: "SealRoom", agency: Agency, issuer: Issuer) -> dict[str, Any]:
    row: dict[str, Any] = {"agency": agency.code, "issuer": issuer, "problem": None}
    try:
        key = room.key_of(agency, issuer)
        until = key.certificate.not_valid_after_utc
        row |= {
            "subject": key.subject,
            "serial": key.serial,
            "not_before": key.certificate.not_valid_before_utc.isoformat(),
            "not_after": until.isoformat(),
            "days_left": (until - datetime.now(UTC)).days,
        }
        room.demand_ready(agency.code, issuer)
    except CannotSeal as error:
        row["problem"] = say(error.problem.message, error.problem.message_en)
    except HanyinError as error:
        row["problem"] = say(error.sentence.zh, error.sentence.en)
    return row


def _ending(file: Path) -> str:
    return ".pem" if b"-----BEGIN " in file.read_bytes() else ".p12"


def _store(target: Path, content: bytes) -> Path:
    """``content`` stands in ``target``, readable by its owner alone; an old file is kept beside."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.exists() and target.read_bytes() != content:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        kept = target.rename(target.with_name(f"{target.name}.{moment}"))
        complain(say(f"原有密钥移到 {kept}", f"the old key was moved to {kept}"))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, 0o600)  # a file that was there keeps its mode
        stream.write(content)
    return target
