"""What security asks of the objects that the host hands over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Engine, MetaData


class Database(Protocol):
    """A Flask-SQLAlchemy object, as far as security needs one."""

    Model: Any
    session: Any
    metadatas: dict[str | None, MetaData]

    @property
    def metadata(self) -> MetaData: ...

    @property
    def engines(self) -> Mapping[str | None, Engine]: ...
