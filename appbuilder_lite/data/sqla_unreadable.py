"""Reading rows with a value that a driver or a type refuses: once more, with its text in its place.

A statement is read in this second way only after it has failed. From then on its session reads so, for what has been
read is read again: after a commit, or to be locked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm import Mapper, Session, scoped_session

from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_types import kind_of
from appbuilder_lite.data.types import Kind
from appbuilder_lite.data.unreadable import Unreadable
from appbuilder_lite.errors import AppBuilderError

_TOLERANT = "appbuilder_lite tolerant"
# What psycopg makes values of Python of, though PostgreSQL has some that Python has not.
_POSTGRESQL_KINDS = {
    "date": Kind.DATE,
    "time": Kind.TIME,
    "timetz": Kind.TIME,
    "timestamp": Kind.DATETIME,
    "timestamptz": Kind.DATETIME,
    "interval": Kind.INTERVAL,
}

Result = TypeVar("Result")
Given = ParamSpec("Given")
Reader = TypeVar("Reader", bound="Reads")


class Reads(Protocol):
    """What reads the records of one class by a session."""

    @property
    def session(self) -> Any: ...

    @property
    def entity(self) -> Entity: ...


def reading(
    method: Callable[Concatenate[Reader, Given], Result],
) -> Callable[Concatenate[Reader, Given], Result]:
    """A method that only reads: it is run once more where a stored value was refused."""

    @wraps(method)
    def read(self: Reader, /, *given: Given.args, **named: Given.kwargs) -> Result:
        return read_again(self.session, self.entity, partial(method, self, *given, **named))

    return read


def read_again(session: Any, entity: Entity, read: Callable[[], Result]) -> Result:
    """What `read` reads of such records; it is called once more where a stored value was refused."""
    try:
        return read()
    except Exception as error:
        if not _may_be_stored(error) or not _tolerate(session, entity.mapper):
            raise
    return read()


def _tolerate(session: Any, mapper: Mapper[Any]) -> bool:
    """Let a session read on with texts in the place of what is refused; False where it does so already."""
    found: Session = session() if isinstance(session, scoped_session) else session
    if _TOLERANT in found.info:
        return False
    found.info[_TOLERANT] = True
    _tolerate_connection(found, None, found.connection(bind_arguments={"mapper": mapper}))
    event.listen(found, "after_begin", _tolerate_connection)
    return True


def _may_be_stored(error: Exception) -> bool:
    """Whether it may be about a value that was read: what the database itself says is about what it was given."""
    if isinstance(error, DataError):
        original: Any = error.orig
        return getattr(original, "sqlstate", None) is None and not isinstance(original.args[0], int)
    return not isinstance(error, SQLAlchemyError | AppBuilderError)


def _tolerate_connection(_session: Session, _transaction: Any, connection: sa.Connection) -> None:
    # How a result is read is kept with its compiled statement, which therefore is not to be found by others.
    connection.execution_options(compiled_cache={})
    event.listen(connection, "before_cursor_execute", _tolerate_result)


def _tolerate_result(
    _connection: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _executemany: bool
) -> None:
    if context is None or context.is_crud:
        return
    own = context.get_result_processor

    def processor(type_: Any, name: str, code: Any) -> Any:
        return _tolerant(own(type_, name, code), type_)

    context.get_result_processor = processor
    # Those of psycopg, which are asked before any type is.
    adapters: Any = getattr(cursor, "adapters", None)
    for name, kind in _POSTGRESQL_KINDS.items() if adapters is not None else ():
        oid = adapters.types[name].oid
        adapters.register_loader(oid, _tolerant_loader(adapters.get_loader(oid, 0), kind))


def _tolerant(process: Callable[[Any], Any] | None, type_: Any) -> Callable[[Any], Any] | None:
    if process is None:
        return None
    kind = Kind.OTHER if isinstance(type_, sa.TypeDecorator) else kind_of(type_)

    def read(value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value
        try:
            return process(value)
        except Exception:  # noqa: BLE001 - the type is anybody's code, and has said that it cannot read the value
            return Unreadable(value, kind)

    return read


def _tolerant_loader(loader: Any, kind: Kind) -> Any:
    class Tolerant:
        """A loader of psycopg's (`psycopg.abc.Loader`)."""

        format = loader.format

        def __init__(self, oid: int, connection: Any = None) -> None:
            self._own = loader(oid, connection)

        def load(self, data: Any) -> Any:
            try:
                return self._own.load(data)
            except Exception:  # noqa: BLE001 - whatever the driver makes of it, the text is what there is
                return Unreadable(bytes(data), kind)

    return Tolerant
