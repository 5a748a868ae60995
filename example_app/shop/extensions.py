"""The Flask extensions of the shop, made once at import and bound to an app by the factory."""

from typing import TYPE_CHECKING

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name that is the same on each database, so that a later migration can alter it."""


class Base(DeclarativeBase):
    """The declarative base of all models of the shop."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login_manager = LoginManager()

# Flask-SQLAlchemy makes `db.Model` at run time, where a type checker cannot follow; it is a subclass of Base.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
