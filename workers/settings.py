"""Every setting: ``hanyin.toml`` in the working directory, overridden by ``HANYIN_…`` variables.

Secrets come from variables or files only; ``HANYIN_TEST_…`` belongs to the tests.
"""

import json
import os
import re
from errno import ENAMETOOLONG
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from schemas.errors import Misconfigured
from schemas.model_faults import InvalidEntry, fault_of
from schemas.purposes import FOREIGN_PURPOSES, NO_PURPOSE, SEALING_PURPOSES
from schemas.sentence import Sentence
from workers.toml_file import read_toml

#: the settings file, read from the working directory where it is there
SETTINGS_FILE = "hanyin.toml"
#: a byte of a variable that was no UTF-8 (PEP 383)
_SURROGATE = re.compile("[\udc80-\udcff]")

#: a host name, an IPv4 address or an IPv6 address in brackets, and a port
LISTEN = r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$"


def _not_foreign(purpose: str) -> str:
    if purpose in FOREIGN_PURPOSES:
        raise InvalidEntry(
            f"{purpose} 用于服务器、时间戳、代码或 OCSP：这样的证书不能用印",
            f"{purpose} is for servers, time stamps, code or OCSP: such certificates seal nothing",
        )
    return purpose


#: one of HANYIN_SEAL_PURPOSES
Purpose = Annotated[
    str, Field(pattern=rf"^({NO_PURPOSE}|[0-2](\.[0-9]+)+)$"), AfterValidator(_not_foreign)
]


def _listed(value: object) -> object:
    """A list that a variable holds as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise InvalidEntry(
            '不是列表；请写 ["一", "二"]', 'is no list; write ["one", "another"]'
        ) from None


_Files = Annotated[list[Path], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """What an operator may set; the defaults are the embedded set-up for one machine."""

    model_config = SettingsConfigDict(env_prefix="HANYIN_", extra="forbid", frozen=True)

    #: where the embedded parts live: database, broker, archive, demo authority, work files
    home: Path = Path("var")
    #: ``embedded:///path/broker.db`` or ``amqp(s)://user:pass@host/vhost``, nodes of a cluster with
    #: commas between (``@a,b,c/``); default: in home
    broker_url: SecretStr | None = None
    #: file with the authority that signed the broker's certificate (``amqps://``)
    broker_ca_file: Path | None = None
    #: ``sqlite:///path`` or ``postgresql://user:pass@host/db``; default: in home
    database_url: SecretStr | None = None
    #: ``file:///path`` or ``s3+https://host/bucket``; default: in home
    storage_url: str | None = None
    storage_access_key: SecretStr | None = None
    storage_secret_key: SecretStr | None = None
    #: file that holds the secret key, instead of ``storage_secret_key``
    storage_secret_key_file: Path | None = None
    #: the store's region, where it has one
    storage_region: str = "us-east-1"
    #: file with the authority that signed the store's certificate; default: the public ones
    storage_ca_file: Path | None = None
    #: COMPLIANCE: nobody can shorten the lock; GOVERNANCE: who has the permission can
    storage_lock_mode: Literal["COMPLIANCE", "GOVERNANCE"] = "COMPLIANCE"
    #: agencies, banks and sources (TOML); default: the demo's
    directory_file: Path | None = None
    #: PEM or DER files with the roots that ``hanyin verify`` trusts beside the demo authority
    trust_files: _Files = []
    #: PEM or DER files with the roots of time stamp authorities; default: the roots above
    tsa_trust_files: _Files = []
    #: extended key usage (OIDs) of certificates that may seal; none: also those that state none
    seal_purposes: Annotated[
        list[Purpose], NoDecode, BeforeValidator(_listed), Field(min_length=1)
    ] = list(SEALING_PURPOSES)
    #: holidays and days worked instead (TOML); default: Monday to Friday are worked
    calendar_file: Path | None = None
    #: folder with Word templates over the shipped ones: ``default`` and one an agency
    templates_dir: Path | None = None
    #: ``host:port`` on which ``hanyin work`` serves metrics; default: it does not
    metrics_listen: Annotated[str | None, Field(pattern=LISTEN)] = None
    #: ``https://…`` (``http://`` on this machine) that alarms are posted to; default: nowhere. It
    #: may hold a token
    alarm_url: SecretStr | None = None
    #: file with the secret that signs what is posted
    alarm_secret_file: Path | None = None
    #: file with the authority that signed that server's certificate; default: the system's
    alarm_ca_file: Path | None = None
    #: zh or en; default: the locale's
    lang: Literal["zh", "en"] | None = None
    #: debug, info, warning or error
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"

    #: processes that make letters, each with a Typst of its own; default: one a core
    producers: Annotated[int | None, Field(ge=1, le=64)] = None
    #: letters that a producer makes in one go, at most, when that many wait
    batch_letters: Annotated[int, Field(ge=1, le=64)] = 16
    #: documents and messages that wait to be made and sent before intake pauses
    backlog: Annotated[int, Field(ge=1)] = 20_000
    #: seconds after which a claim of a worker that died or froze runs out
    lease_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    #: attempts at a document or event before it is set aside
    attempts: Annotated[int, Field(ge=1, le=100)] = 5
    #: seconds before the first new attempt; doubled each time, at most 5 minutes
    retry_seconds: Annotated[float, Field(gt=0, le=300)] = 2
    #: seconds that one letter's conversion may take
    conversion_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    #: what one speaker (RabbitMQ user, or source) may have parked in a day, in all and for one case
    quota_parked: Annotated[int, Field(ge=1)] = 20_000
    quota_parked_case: Annotated[int, Field(ge=1)] = 1_000
    #: events of one speaker that are rejected in a day before no more are looked at; for one case
    quota_rejected: Annotated[int, Field(ge=1)] = 20_000
    quota_rejected_case: Annotated[int, Field(ge=1)] = 2_000
    #: bytes that one speaker may send in a day; of what goes beyond, the head is kept
    quota_bytes: Annotated[int, Field(ge=1024)] = 1024**3
    #: days after which an event whose case has not come is rejected
    parked_days: Annotated[int, Field(ge=1, le=3650)] = 90
    #: days after which the bytes of applied events, and sent messages, lie packed in the ledger
    events_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    messages_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    #: bytes of the largest event that is read; larger ones are kept by their digest and rejected
    event_bytes: Annotated[int, Field(ge=1024, le=16 * 1024 * 1024)] = 1024 * 1024
    #: bytes of the largest file that can be attached to a document
    attachment_bytes: Annotated[int, Field(ge=1024, le=256 * 1024 * 1024)] = 32 * 1024 * 1024
    #: the python3 that has LibreOffice's ``uno`` module
    office_python: Path = Path("/usr/bin/python3")
    #: LibreOffice's program, where it is not found by itself
    office_program: Path | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: object) -> object:
        """An empty variable is one that somebody meant to fill: a default would hide it."""
        if isinstance(value, str):
            if not value.strip():
                raise InvalidEntry(
                    "是空的；请给它一个值，或不写", "is empty; give it a value, or leave it out"
                )
            if not value.isascii() and _SURROGATE.search(value):
                raise InvalidEntry("含有不是 UTF-8 的字节", "holds bytes that are no UTF-8")
        return value

    @field_validator("*")
    @classmethod
    def _possible(cls, value: object) -> object:
        """Whoever looks whether a file is there need not expect that its name can be none."""
        for path in value if isinstance(value, list) else [value]:
            try:
                if isinstance(path, Path):
                    path.lstat()
            except OSError as error:
                if error.errno == ENAMETOOLONG:
                    raise InvalidEntry(
                        "超过路径可能的长度", "is longer than a path can be"
                    ) from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- not read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before variables before the file."""
        file = Path(SETTINGS_FILE)
        found = read_toml(file, "settings") if file.is_file() else {}
        return init_settings, env_settings, InitSettingsSource(settings_cls, found)

    def handed_on(self) -> str:
        """These settings as JSON, secrets in clear: for the pipe to a child process alone."""
        values = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in self
        }
        return json.dumps(values, default=str)

    @property
    def broker(self) -> str:
        """The broker's URL, the embedded one by default; it may hold a password."""
        if self.broker_url is not None:
            return self.broker_url.get_secret_value()
        return f"embedded://{self._home_in_url}/broker.db"

    @property
    def database(self) -> str:
        """The database's URL, the embedded one by default; it may hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self._home_in_url}/ledger.db"

    @property
    def storage(self) -> str:
        """The archive's URL, the embedded one by default; it holds no password."""
        if self.storage_url is not None:
            return self.storage_url
        return f"file://{self._home_in_url}/archive"

    @property
    def _home_in_url(self) -> str:
        """The home's absolute path as it stands in a URL (RFC 3986, 2.1)."""
        try:
            return quote(self.home.resolve().as_posix())
        except UnicodeEncodeError as error:
            raise Misconfigured(
                f"HANYIN_HOME {self.home!r}：文件夹名不是 UTF-8；请换一个",
                f"HANYIN_HOME {self.home!r}: the folder's name is not UTF-8; choose another",
            ) from error

    @property
    def embedded(self) -> bool:
        """True where database or broker live in the home: one process tree at a time."""
        return self.broker.startswith("embedded:") or self.database.startswith("sqlite:")

    @property
    def storage_secret(self) -> str | None:
        """The store's secret key, from its variable or its file."""
        if self.storage_secret_key is not None:
            return self.storage_secret_key.get_secret_value()
        if self.storage_secret_key_file is not None:
            return _secret(self.storage_secret_key_file)
        return None


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"HANYIN_STORAGE_SECRET_KEY_FILE：{file} 无法读取（"
            f"{type(error).__name__}）；请指定本用户可读的文本文件",
            f"HANYIN_STORAGE_SECRET_KEY_FILE: {file} cannot be read ({type(error).__name__}); name"
            " a text file that this user may read",
        ) from error


def load_settings() -> Settings:
    """The settings in force. Raises ``Misconfigured`` that names every wrong or unknown one."""
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("HANYIN_")
        and not name.startswith("HANYIN_TEST_")
        and name.removeprefix("HANYIN_").lower() not in Settings.model_fields
    )
    faults = [
        Sentence(f"{name}：没有这个设置", f"{name}: there is no such setting") for name in unknown
    ]
    try:
        settings = Settings()
    except ValidationError as error:
        faults += map(_fault, error.errors())
        raise Misconfigured.of(faults) from None
    if faults:
        raise Misconfigured.of(faults)
    return settings


def _fault(details: ErrorDetails) -> Sentence:
    name = ".".join(str(part) for part in details["loc"])
    fault, variable = fault_of(details), f"HANYIN_{name.upper()}"
    return Sentence(
        f"{variable}（或 {SETTINGS_FILE} 中的 {name}）：{fault.zh}",
        f"{variable} (or {name} in {SETTINGS_FILE}): {fault.en}",
    )
