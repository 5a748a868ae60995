"""Hosts with users of their own: classes of many shapes, and a sign-in of the host's beside ours."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import flask_login
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Uuid, select
from sqlalchemy.orm import relationship
from werkzeug.security import generate_password_hash

from appbuilder_lite import AppBuilder, SecurityManager, UserMixin
from appbuilder_lite.security.authenticators import register_authenticator
from tests.conftest import MakeHost
from tests.web.site import PASSWORD, Browser, Site, make_db, make_models, make_views

QUICK = "pbkdf2:sha256:1"


@dataclass(frozen=True)
class Kind:
    """A shape of user class: how it is built, and what its attributes are called."""

    build: Callable[[Any, tuple[type[Any], ...]], Any]
    login: str = "username"
    key: str = "id"
    password: str | None = "password"
    attributes: dict[str, str | None] = field(default_factory=dict)
    given: Callable[[str], dict[str, Any]] = lambda name: {}
    key_type: type[Any] = Integer


def _no_class(db: Any, bases: tuple[type[Any], ...]) -> Any:
    return None


def _subclass(db: Any, bases: tuple[type[Any], ...]) -> Any:
    class Person(UserMixin, db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "person"
        phone = Column(String(30))
        desk = Column(Integer, nullable=False, default=1)

    return Person


def _with_key(key: Any) -> Callable[[Any, tuple[type[Any], ...]], Any]:
    def build(db: Any, bases: tuple[type[Any], ...]) -> Any:
        columns = {
            "__tablename__": "account",
            "id": Column(key, primary_key=True),
            "username": Column(String(80), unique=True, nullable=False),
            "password": Column(String(256)),
            "is_active": Column(Boolean, nullable=False, default=True),
        }
        return type("Account", (*bases, db.Model), columns)

    return build


def _other_names(db: Any, bases: tuple[type[Any], ...]) -> Any:
    class Member(*bases, db.Model):  # type: ignore[misc]  # the bases are made at run time
        __tablename__ = "member"
        number = Column("member_no", Integer, primary_key=True)
        mail = Column(String(200), unique=True, nullable=False)
        secret = Column(String(256))
        given_name = Column(String(64))
        enabled = Column(Boolean, nullable=False, default=True)

        def get_id(self) -> str:
            return str(self.number)

    return Member


def _bare(*names: str) -> Callable[[Any, tuple[type[Any], ...]], Any]:
    """A class with a key, a login and nothing but these columns."""

    def build(db: Any, bases: tuple[type[Any], ...]) -> Any:
        columns = {name: Column(String(256)) for name in names}
        return type(
            "Visitor",
            (*bases, db.Model),
            {
                "__tablename__": "visitor",
                "id": Column(Integer, primary_key=True),
                "login": Column(String(80), unique=True, nullable=False),
                **columns,
            },
        )

    return build


def _namesakes(db: Any, bases: tuple[type[Any], ...]) -> Any:
    """User, Role, Permission and Group of the host's own, related by their names."""
    pairs = Table(
        "user_roles",
        db.metadata,
        Column("user_id", ForeignKey("user.id"), primary_key=True),
        Column("role_id", ForeignKey("role.id"), primary_key=True),
    )

    class Permission(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "permission"
        id = Column(Integer, primary_key=True)
        name = Column(String(40))
        role_id: Any = Column(ForeignKey("role.id"))
        role = relationship("Role", back_populates="permissions")

    class Role(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "role"
        id = Column(Integer, primary_key=True)
        name = Column(String(40))
        permissions = relationship("Permission", back_populates="role")
        users = relationship("User", secondary=pairs, back_populates="roles")

    class Group(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "group"
        id = Column(Integer, primary_key=True)

    class User(*bases, db.Model):  # type: ignore[misc]  # the bases are made at run time
        __tablename__ = "user"
        id = Column(Integer, primary_key=True)
        username = Column(String(80), unique=True, nullable=False)
        password = Column(String(256))
        roles = relationship("Role", secondary=pairs, back_populates="users")
        # A module keeps its classes; those of a function are gone with it, and their names with them.
        namesakes = (Role, Permission, Group)

    return User


def _person(name: str) -> dict[str, Any]:
    return {"first_name": name.title(), "last_name": "Tester", "email": f"{name}@example.org"}


def _big(name: str) -> dict[str, Any]:
    return {"id": 5_000_000_000 + sum(name.encode())}


OTHER_NAMES: dict[str, str | None] = {
    "username": "mail",
    "email": "mail",
    "password": "secret",
    "first_name": "given_name",
    "active": "enabled",
}

KINDS: dict[str, Kind] = {
    "default": Kind(_no_class, given=_person),
    "subclass": Kind(_subclass, given=_person),
    "integer": Kind(_with_key(Integer)),
    "big integer": Kind(_with_key(BigInteger), given=_big, key_type=BigInteger),
    "uuid": Kind(_with_key(Uuid), given=lambda name: {"id": uuid.uuid4()}, key_type=Uuid),
    "string": Kind(_with_key(String(64)), given=lambda name: {"id": f"é/{name}.1"}, key_type=String),
    "other names": Kind(_other_names, login="mail", key="number", password="secret", attributes=OTHER_NAMES),
    "no active": Kind(_bare("password"), login="login"),
    "no password": Kind(_bare(), login="login", password=None),
    "namesakes": Kind(_namesakes),
}


class Doorkeeper:
    """An authenticator for people without passwords."""

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    def authenticate(self, credentials: Any) -> Any:
        return self.manager.find_user(credentials["username"])


register_authenticator("doorkeeper", Doorkeeper)


@dataclass
class People(Site):
    """A site whose users are of one kind, signed in by us or by the host."""

    kind: Kind = KINDS["default"]
    owner: str = "ours"

    @property
    def model(self) -> Any:
        """The user class; within an app context."""
        return self.sm.models.user

    def add(self, name: str, *grants: tuple[str, str], roles: tuple[str, ...] = ()) -> Any:
        """A user made by the host's own code, with a role that grants these pairs; gives the key."""
        with self.app.app_context():
            values = {**self.kind.given(name), self.kind.login: name}
            user = self.model(**values)
            if self.kind.password is not None:
                setattr(user, self.kind.password, generate_password_hash(PASSWORD, QUICK))
            self.db.session.add(user)
            self.db.session.commit()
            found = [self.sm.find_role(role) for role in roles]
            if grants:
                found.append(self.sm.add_role(f"role of {name}"))
                for grant in grants:
                    self.sm.add_permission_role(found[-1], self.sm.find_permission_view_menu(*grant))
            self.sm.set_user_roles(user, found)
            return self.sm.users.key(user)

    def get(self, name: str) -> Any:
        """The user of that name, by the host's own query."""
        return self.db.session.scalar(select(self.model).where(getattr(self.model, self.kind.login) == name))

    def enter(self, name: str, password: str = PASSWORD) -> Browser:
        """A browser in which the user has signed in, where people do here."""
        browser = self.browser()
        if self.owner == "ours":
            answer = browser.send("/admin/login/", username=name, password=password)
        else:
            answer = browser.client.post("/login", data={"name": name, "remember": "y"})
        assert answer.status_code == 302, answer.text
        return browser

    @property
    def sign_in_address(self) -> str:
        return "/admin/login/" if self.owner == "ours" else "/login"


def add_host_sign_in(app: Flask, db: Any, model: Any, kind: Kind, parse: Callable[[str], Any]) -> None:
    """The host's own Flask-Login: a page that sends signed-in people on, as many do."""
    manager = flask_login.LoginManager(app)
    manager.login_view = "sign_in"
    manager.user_loader(lambda text: db.session.get(model, parse(text)))

    @app.route("/login", methods=["GET", "POST"])
    def sign_in() -> ResponseReturnValue:
        if flask_login.current_user.is_authenticated:
            return redirect(request.args.get("next") or "/")
        if request.method == "GET":
            return "sign in here"
        user = db.session.scalar(select(model).where(getattr(model, kind.login) == request.form["name"]))
        flask_login.login_user(user, remember="remember" in request.form)
        return redirect(request.args.get("next") or "/")

    @app.get("/")
    def home() -> str:
        who = flask_login.current_user
        return f"signed in: {who.is_authenticated}"


def key_parser(kind: Kind) -> Callable[[str], Any]:
    """How the host's user loader reads a key."""
    if kind.key_type is Uuid:
        return uuid.UUID
    return str if kind.key_type is String else int


def make_people(make_host: MakeHost, kind_name: str, owner: str = "ours", **config: Any) -> People:
    """A site of one kind of users on the test's database, with tables and a few rows."""
    kind, db = KINDS[kind_name], make_db()
    models: SimpleNamespace = make_models(db)
    views = make_views(models)
    model = kind.build(db, (flask_login.UserMixin,) if owner == "host" else ())
    ways = ("doorkeeper",) if kind.password is None and owner == "ours" else ("db",)
    values = {"user_model": model, "user_attributes": kind.attributes, "authenticators": ways}
    manager = type("HostSecurity", (SecurityManager,), values)
    host = make_host(db, APPBUILDER_PASSWORD_HASH_METHOD=QUICK, **config)
    if owner == "host":
        add_host_sign_in(host.app, db, model, kind, key_parser(kind))
    appbuilder = AppBuilder(security_manager_class=manager)
    appbuilder.add_view(views.CustomerView, "Customers", category="Sales")
    appbuilder.add_view(views.CountryView, "Countries", category="Sales")
    appbuilder.init_app(host.app, db)
    people = People(host.app, db, appbuilder, models, views, kind=kind, owner=owner)
    people.create()
    return people
