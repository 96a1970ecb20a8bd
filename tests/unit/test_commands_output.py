"""What tables for people show of a value."""

import pytest

from commands.output import print_rows


def test_a_value_in_square_brackets_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{"name": "[red]签字[/red].png [[sources]]"}]
    print_rows("表", [("name", "名", "name")], rows, as_json=False)
    assert "[red]签字[/red].png [[sources]]" in capsys.readouterr().out
