"""Settings that are empty, malformed or of another kind end in a sentence that names them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.main import app
from ledger.address import ledger_file, ledger_url
from ledger.database import Database
from ledger.migration import migrate
from rendering.office import find_program
from schemas.errors import HanyinError, Misconfigured, Unavailable
from signing.trust import read_roots
from workers import bootstrap
from workers.brokers.opening import open_intake
from workers.calendar import load_calendar
from workers.directory import load_directory
from workers.settings import Settings, load_settings

FIELDS = sorted(Settings.model_fields)
GARBAGE = [
    *("garbage", "://", "http://x", "a\x7fb", "/nonexistent/x", "1e400", "-1", "[]", "{}", "[1]"),
    *(
        '["/nonexistent"]',
        "x" * 5000,
        "file://",
        "\udcff",
        "folder",
        "latin.toml",
        "true",
        "host:1",
    ),
]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory of its own, without any setting but the language."""
    for name in [name for name in os.environ if name.startswith("HANYIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HANYIN_LANG", "en")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.toml").write_bytes(b"a = '\xff'")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a ledger in it."""
    home = tmp_path_factory.mktemp("made")
    database = Database(f"sqlite:///{home}/ledger.db")
    migrate(database)
    database.close()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.mark.parametrize("value", ["", "  ", "\t\n"])
@pytest.mark.parametrize("field", FIELDS)
def test_an_empty_variable_is_a_fault_and_not_a_default(
    field: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HANYIN_{field.upper()}", value)
    with pytest.raises(Misconfigured, match=f"HANYIN_{field.upper()} .*is empty"):
        load_settings()


def _open(settings: Settings) -> list[Callable[[], object]]:
    """What reads the settings, apart from servers."""
    directory = load_directory(None)
    return [
        lambda: load_directory(settings.directory_file),
        lambda: load_calendar(settings.calendar_file),
        lambda: bootstrap.prepare_ledger(settings),
        lambda: bootstrap.open_store(settings).close(),
        lambda: read_roots([*settings.trust_files, *settings.tsa_trust_files]),
        lambda: open_intake(settings.broker, directory, ca_file=settings.broker_ca_file),
        lambda: find_program(settings.office_program),
    ]


@pytest.mark.parametrize("field", FIELDS)
def test_whatever_stands_in_a_setting_it_ends_in_a_sentence(
    field: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANYIN_HOME", str(home))
    if field.startswith("storage"):
        monkeypatch.setenv("HANYIN_STORAGE_URL", "s3+https://127.0.0.1:1/bucket")
        monkeypatch.setenv("HANYIN_STORAGE_ACCESS_KEY", "a")
    for value in GARBAGE:
        monkeypatch.setenv(f"HANYIN_{field.upper()}", value)
        said, openers = "", []
        try:
            openers = _open(load_settings())
        except Misconfigured as error:
            said = str(error)
        assert openers or field.upper() in said
        for opener in openers:
            with suppress(HanyinError):
                opener()


@pytest.mark.parametrize(
    ("field", "value"),
    [("database_url", "x"), ("home", "y" * 5000), ("trust_files", "/a.pem"), ("lang", "de")],
)
def test_the_command_says_it_without_a_traceback(
    field: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HANYIN_{field.upper()}", value)
    ended = CliRunner().invoke(app, ["register"])
    assert (ended.exit_code, type(ended.exception)) == (4, SystemExit)
    assert f"HANYIN_{field.upper()}" in ended.stderr


@pytest.mark.parametrize(
    "url",
    [
        "geheim",
        "://",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x",
        "sqlite://host/x",
        "sqlite:///x?mode=ro",
        "sqlite+aiosqlite:///x",
        "postgresql://u:geheim@host:port/db",
        "postgresql://u:geheim@[::1/db",
        "postgresql://u:geheim@host/db?foo=bar",
        "postgresql://u:geheim@host/db?sslmode=verify-ful",
        "postgres://u:geheim@host/db",
        "mysql://u:geheim@host/db",
    ],
)
def test_a_database_url_that_cannot_be_used_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_DATABASE_URL") as caught:
        Database(url)
    assert "geheim" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:99999/db", "postgresql://127.0.0.1:1/db?keepalives=x"]
)
def test_what_only_libpq_finds_wrong_is_a_setting_too(url: str) -> None:
    database = Database(url)
    with pytest.raises(Misconfigured, match="PostgreSQL does not take"), database.reading():
        pass


def test_a_server_that_is_away_is_no_setting(tmp_path: Path) -> None:
    database = Database("postgresql://u:p@127.0.0.1:1/db?sslmode=require&application_name=x")
    with pytest.raises(Unavailable), database.reading():
        pass
    database = Database(f"sqlite:///{tmp_path}/folder")
    with pytest.raises(Unavailable, match="its folder"), database.reading():
        pass


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, and longer than its header is\n" * 50)
    with pytest.raises(Misconfigured, match="no SQLite"), Database(f"sqlite:///{file}").reading():
        pass


def test_good_database_urls_are_taken_as_they_are() -> None:
    assert ledger_file("sqlite:////var/lib/ledger.db") == Path("/var/lib/ledger.db")
    url = ledger_url("postgresql://u:p%40@h:5/db?sslmode=verify-full&sslrootcert=/ca.pem")
    assert (url.drivername, url.password, url.host, url.port) == (
        "postgresql+psycopg",
        "p@",
        "h",
        5,
    )


@pytest.mark.parametrize("text", [b"a = ", b"\xff", b'home = ""', b"no_such = 1", b"[home]\na=1"])
def test_a_settings_file_that_cannot_be_used_is_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "hanyin.toml").write_bytes(text)
    with pytest.raises(Misconfigured, match=r"hanyin\.toml"):
        load_settings()


def test_lists_of_files_are_read_from_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANYIN_TRUST_FILES", '["/a.pem", "/b.pem"]')
    assert load_settings().trust_files == [Path("/a.pem"), Path("/b.pem")]
    monkeypatch.setenv("HANYIN_TRUST_FILES", "/a.pem")
    with pytest.raises(Misconfigured, match=r"HANYIN_TRUST_FILES .*no list"):
        load_settings()


def test_a_directory_that_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"latin\.toml, line 1, is not UTF-8"):
        load_directory(tmp_path / "latin.toml")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """A command takes its temporary files into its home; a test gives that back."""
    before = os.environ.get("TMPDIR")
    yield
    if before is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = before
    tempfile.tempdir = None
