"""A host's own user class: other column names, a UUID key, its own check of passwords."""

from __future__ import annotations

import uuid
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Boolean, String, Uuid
from sqlalchemy.orm import mapped_column
from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.security.manager import BaseSecurityManager

ATTRIBUTES = {"username": "mail", "email": "mail", "active": "enabled", "password": "secret"}


def account_manager(db: SQLAlchemy) -> type[BaseSecurityManager]:
    """A manager class for a host whose users are `Account`."""

    class Account(db.Model):  # type: ignore[name-defined, misc]  # Flask-SQLAlchemy's base is known at run time
        """Constructed as the host likes."""

        id = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
        mail = mapped_column(String(254), unique=True, nullable=False)
        secret = mapped_column(String(255), nullable=False, default="")
        enabled = mapped_column(Boolean, nullable=False, default=True)

        def __init__(self, mail: str) -> None:
            self.mail = mail

        def set_password(self, password: str) -> None:
            self.secret = generate_password_hash(password, "pbkdf2:sha256:1")

        def check_password(self, password: str) -> bool:
            return check_password_hash(str(self.secret), password)

    class AccountManager(BaseSecurityManager):
        user_model: Any = Account
        user_attributes = ATTRIBUTES

    return AccountManager
