"""The people who may sign in."""

import uuid
from datetime import UTC, datetime

from flask_login import UserMixin
from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, validates
from werkzeug.security import check_password_hash, generate_password_hash

from example_app.shop.extensions import Model


def utc_now() -> datetime:
    """The present moment in UTC, in whole seconds and without a zone, as every database here stores it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Account(UserMixin, Model):  # type: ignore[misc]  # Flask-Login ships no types
    """A person's sign-in: customers and staff alike, known by their e-mail address."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str] = mapped_column(String(120), index=True)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime | None]

    @validates("email")
    def normalised_email(self, _column: str, email: str) -> str:
        """The address as it is kept and looked for: in lower case, without spaces around it."""
        return email.strip().lower()

    @property
    def is_active(self) -> bool:
        """Whether Flask-Login lets this account sign in."""
        return self.is_enabled

    def get_id(self) -> str:
        """The key that Flask-Login keeps in the session."""
        return str(self.id)

    def set_password(self, password: str) -> None:
        """Keep the hash of `password`; the password itself is not stored."""
        self.password_hash = generate_password_hash(password)

    def check_password(self, password: str) -> bool:
        """Whether `password` is this account's."""
        return check_password_hash(self.password_hash, password)

    def __str__(self) -> str:
        return f"{self.full_name} <{self.email}>"
