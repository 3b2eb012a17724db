"""What went wrong with the database, in a sentence: what is so, what to do, and where the last backup is."""

from __future__ import annotations

from sqlalchemy import Engine, ExceptionContext, event

from retrieval.database.place import URL_VARIABLE, Place
from retrieval.errors import BadInput, DatabaseUnavailable, PlaygroundError

PATIENCE = 30.0  # seconds that a writer waits for another one

Fault = tuple[str, str]  # what is so, what to do

_LOCKED = "is kept locked by another process, nothing was changed", "wait for that process or end it, then try again"
_FULL = "cannot grow, nothing was changed", "free some space on its disk, then try again"
_RIGHTS = "cannot be opened", "let this user read and write the file and its folder"
_UNREACHABLE = "cannot be reached", f"start the server or correct {URL_VARIABLE}"
_DAMAGED = "is damaged and was left as it is", "move it away and put a copy of a backup in its place"

# By primary result code, https://www.sqlite.org/rescode.html
SQLITE: dict[int, Fault] = {
    3: _RIGHTS,
    5: _LOCKED,
    6: _LOCKED,
    8: ("cannot be written, nothing was changed", "let this user write the file and its folder"),
    10: ("cannot be read or written, nothing was changed", "look after its disk (space, quota, connection), then try again"),
    11: _DAMAGED,
    13: _FULL,
    14: _RIGHTS,
    26: _DAMAGED,
}
# By SQLSTATE or the two characters of its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL: dict[str, Fault] = {
    "08": _UNREACHABLE,
    "25006": ("is read-only, nothing was changed", f"name the primary server in {URL_VARIABLE}"),
    "42501": ("refuses this user, nothing was changed", "grant the right to create and change tables in its schema"),
    "42P07": ("holds tables of another application, nothing was changed", f"name a database of the app's own in {URL_VARIABLE}"),
    "53100": _FULL,
    "55P03": _LOCKED,
    "57": _UNREACHABLE,
    "XX": ("is damaged, nothing was changed", "restore it"),
}
_LONGEST_REASON = 300


def listen(engine: Engine, place: Place) -> None:
    """Let what the driver of `engine` raises where the database fails be raised as a sentence instead, wherever it happens."""

    def tell(context: ExceptionContext) -> PlaygroundError | None:
        return None if context.is_pre_ping else told(context.original_exception, place, context.connection is None)

    event.listen(engine, "handle_error", tell)


def told(error: BaseException, place: Place, connecting: bool = False) -> PlaygroundError | None:
    """The sentence for what a driver raised, None where that is not a failure of the database.

    DatabaseUnavailable for the database, BadInput for a text that no database stores.
    """
    if isinstance(error, UnicodeEncodeError):
        return BadInput("a text holds half a surrogate pair, which cannot be stored; remove it")
    if "NUL (0x00)" in str(error):
        return BadInput("a text holds the character NUL, which PostgreSQL cannot store; remove it")
    fault = _of_sqlite(error) if place.url is None else _of_postgresql(error, connecting)
    return unavailable(place, fault, reason_of(error, place)) if fault else None


def unavailable(place: Place, fault: Fault, reason: str) -> DatabaseUnavailable:
    """The sentence of a fault with the reason that the system gave."""
    what, remedy = fault
    return DatabaseUnavailable(f"{place} {what} ({_line(reason)}); {remedy}; {place.advice}")


def damaged(place: Place, reason: str) -> DatabaseUnavailable:
    """The sentence of a damaged file."""
    return unavailable(place, _DAMAGED, reason)


def reason_of(error: BaseException, place: Place) -> str:
    """What the driver said, on one line and without the password; `error` is the driver's or SQLAlchemy's."""
    error = getattr(error, "orig", None) or error
    text = _line(getattr(getattr(error, "diag", None), "message_primary", None) or str(error))
    secrets = (place.url.password, place.url.query.get("password")) if place.url is not None else ()
    for secret in secrets:
        if isinstance(secret, str) and secret:
            text = text.replace(secret, "***")
    return text


def _line(text: str) -> str:
    return " ".join(text.split()).removeprefix("*** in database main *** ")[:_LONGEST_REASON]


def _of_sqlite(error: BaseException) -> Fault | None:
    if str(error).startswith("Could not decode to UTF-8"):
        return _DAMAGED
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else SQLITE.get(code & 0xFF)


def _of_postgresql(error: BaseException, connecting: bool) -> Fault | None:
    state = getattr(error, "sqlstate", None)
    if state is None:  # not said by the server
        return _UNREACHABLE if connecting or type(error).__name__ == "OperationalError" else None
    return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
