"""Log lines tell where a defect is, and nothing of what it was about."""

import json
import sys

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ledger.database import Database
from workers.logs import set_up_logs
from workers.settings import Settings

NAME = "刘晓云"


@pytest.fixture(autouse=True)
def reset() -> None:
    structlog.reset_defaults()


def logged(error: BaseException, capsys: pytest.CaptureFixture[str]) -> str:
    """The log line of ``error``, as it came up below another one."""
    set_up_logs(Settings())
    try:
        try:
            raise error
        except type(error) as cause:
            raise RuntimeError(f"about {NAME}") from cause
    except RuntimeError:
        structlog.get_logger().exception("a defect")
    line = json.loads(capsys.readouterr().err)
    return str(line["exception"])


def test_a_defect_is_told_by_class_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    told = logged(ValueError(f"not a name: {NAME}"), capsys)
    assert "ValueError" in told
    assert "RuntimeError" in told
    assert "test_logs.py:" in told
    assert NAME not in told


def test_a_statement_that_fails_does_not_tell_its_values(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('ledger')}/ledger.db")
    with pytest.raises(SQLAlchemyError) as caught, database.reading() as connection:
        connection.execute(text("select :name from nowhere"), {"name": NAME})
    assert NAME not in str(caught.value)
    database.close()


@pytest.mark.parametrize("terminal", [True, False])
def test_a_field_cannot_lead_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    set_up_logs(Settings())
    structlog.get_logger().error("a file", name="a\x1b[2J\u202eb\nc")
    line = capsys.readouterr().err
    assert "\x1b[2J" not in line
    assert "\u202e" not in line
    assert line.count("\n") == 1
