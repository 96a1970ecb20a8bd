"""Numbers that TAB completes: read from the ledger that is there, silently, changing nothing."""

from collections.abc import Callable

#: numbers that a shell is offered
_MOST = 50


def complete_document(incomplete: str) -> list[str]:
    """Document numbers that begin so, the newest first."""
    from ledger.lookup import documents_from  # noqa: PLC0415 -- for TAB alone

    return _offered(lambda connection: documents_from(connection, incomplete, limit=_MOST))


def complete_case(incomplete: str) -> list[str]:
    """Case numbers that begin so."""
    from ledger.lookup import cases_from  # noqa: PLC0415 -- as above

    return _offered(lambda connection: cases_from(connection, incomplete, limit=_MOST))


def _offered(read: Callable[..., list[str]]) -> list[str]:
    """What ``read`` finds; nothing where there is no ledger or anything is amiss.

    A press of TAB is no place for an error; no folder, file or table is made.
    """
    from ledger.database import Database  # noqa: PLC0415 -- as above
    from workers import bootstrap  # noqa: PLC0415 -- as above
    from workers.settings import load_settings  # noqa: PLC0415 -- as above

    try:
        settings = load_settings()
        if not bootstrap.has_ledger(settings):
            return []
        database = Database(settings.database)
        try:
            with database.reading() as connection:
                return read(connection)
        finally:
            database.close()
    except Exception:  # noqa: BLE001 -- whatever it is, the next command says it
        return []
