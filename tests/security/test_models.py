"""The models: made or brought, tied to each other, on the host's metadata, kept once per database."""

import gc
import threading
import uuid
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Uuid, delete, func, insert, inspect, select
from sqlalchemy.orm import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    Mapped,
    MappedAsDataclass,
    configure_mappers,
    mapped_column,
    relationship,
)

from appbuilder_lite.errors import ConfigurationError
from appbuilder_lite.security.mixins import GroupMixin, PermissionMixin, PermissionViewMixin, RoleMixin, UserMixin
from appbuilder_lite.security.models import SecurityModels, build_models, models_on, security_models
from tests.conftest import Host, MakeHost

TABLES = {
    "ab_user",
    "ab_role",
    "ab_group",
    "ab_permission",
    "ab_view_menu",
    "ab_permission_view",
    "ab_register_user",
    "ab_user_role",
    "ab_permission_view_role",
    "ab_user_group",
    "ab_group_role",
    "ab_state",
    "ab_user_stamp",
    "ab_preference",
}


def _legacy() -> Any:
    return SQLAlchemy()


def _declarative() -> Any:
    class Base(DeclarativeBase):
        pass

    return SQLAlchemy(model_class=Base)


def _no_meta() -> Any:
    class Base(DeclarativeBaseNoMeta):
        pass

    return SQLAlchemy(model_class=Base)


def _dataclass() -> Any:
    class Base(MappedAsDataclass, DeclarativeBase):
        pass

    if sqlalchemy.__version__ >= "2.1":
        pytest.skip("Flask-SQLAlchemy 3.1 takes no dataclass base with SQLAlchemy 2.1")
    return SQLAlchemy(model_class=Base)


def _with_columns() -> Any:
    class Base(DeclarativeBase):
        id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
        note: Mapped[str] = mapped_column(String(20))
        tenant: Mapped[int]

    return SQLAlchemy(model_class=Base)


BASES = {
    "legacy": _legacy,
    "declarative": _declarative,
    "no_meta": _no_meta,
    "dataclass": _dataclass,
    "with_columns": _with_columns,
}
KEYS: dict[str, Any] = {
    "integer": (Integer, 7),
    "big_integer": (BigInteger().with_variant(Integer, "sqlite"), 7),
    "uuid": (Uuid, uuid.UUID(int=7)),
    "string": (String(40), "seven"),
}


def _manager(**slots: Any) -> type[Any]:
    return type("Manager", (), slots)


def _person(db: Any, key: Any = Integer, **extra: Any) -> type[Any]:
    """A user class of the host's own, with nothing that we would expect."""
    names = {"__tablename__": "person", "number": mapped_column("person_no", key, primary_key=True), **extra}
    return type("Person", (db.Model,), names)


def _count(host: Host, table: Any) -> int:
    return host.db.session.scalar(select(func.count()).select_from(table)) or 0


def _new_user(models: SecurityModels, name: str = "ann") -> Any:
    return models.user(username=name, first_name="Ann", last_name="Lee", email=f"{name}@example.com")


def _shape(table: Any) -> list[tuple[Any, ...]]:
    return [(column.name, repr(column.type), column.nullable, column.primary_key) for column in table.columns]


@pytest.mark.parametrize("base", BASES)
def test_made_models_work_on_every_base(make_host: MakeHost, base: str) -> None:
    host = make_host(BASES[base]())
    models = build_models(host.db, object)
    with host.app.app_context():
        host.db.create_all()
        user, role = _new_user(models), models.role(name="Sales")
        access = models.permission_view(
            permission=models.permission(name="can_list"), view_menu=models.view_menu(name="V")
        )
        role.permissions.append(access)
        user.roles.append(role)
        user.groups.append(models.group(name="Staff", roles=[role]))
        host.db.session.add_all([user, access])
        host.db.session.commit()
        assert role.user == [user]
        assert role.groups == user.groups
        assert access.role == [role]
        assert str(access) == "can list on V"
        assert (user.id, user.is_active, str(user)) == (1, True, "Ann Lee")
        assert set(host.db.metadata.tables) == TABLES == models.made_tables


@pytest.mark.parametrize("base", BASES)
def test_a_base_of_the_host_adds_no_columns(base: str) -> None:
    plain, other = build_models(_legacy(), object), build_models(BASES[base](), object)
    for name in TABLES:
        wanted = plain.metadata.tables[name]
        assert _shape(other.metadata.tables[name]) == _shape(wanted)


@pytest.mark.parametrize("base", [name for name in BASES if name != "with_columns"])
def test_a_host_class_on_our_mixin_adds_columns(make_host: MakeHost, base: str) -> None:
    db = BASES[base]()

    class Member(UserMixin, db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
        __tablename__ = "member"
        nickname: Mapped[str] = mapped_column(String(20))

    host = make_host(db)
    models = build_models(db, _manager(user_model=Member))
    with host.app.app_context():
        db.create_all()
        user = Member(nickname="annie")
        user.username, user.first_name, user.last_name, user.email = "ann", "Ann", "Lee", "ann@example.com"
        user.roles.append(models.role(name="Sales"))
        db.session.add(user)
        db.session.commit()
        assert [role.name for role in db.session.get(Member, user.id).roles] == ["Sales"]
        assert user.active is True
        assert models.user is Member
        assert not models.user_is_ours
        assert models.made_tables == TABLES - {"ab_user"}
        assert "ab_user" not in db.metadata.tables


def test_a_dataclass_of_the_host_may_be_on_our_mixin(make_host: MakeHost) -> None:
    db = _declarative()

    class Member(UserMixin, MappedAsDataclass, db.Model):  # type: ignore[name-defined,misc]  # the base is made at run time
        __tablename__ = "member"
        nickname: Mapped[str] = mapped_column(String(20))

    build_models(db, _manager(user_model=Member))
    host = make_host(db)
    with host.app.app_context():
        db.create_all()
        user = Member(nickname="annie")
        user.username, user.first_name, user.last_name, user.email = "ann", "Ann", "Lee", "ann@example.com"
        db.session.add(user)
        db.session.commit()
        assert (user.id, user.active, user.nickname) == (1, True, "annie")


@pytest.mark.parametrize("kind", KEYS)
def test_the_tables_take_the_type_of_the_users_key(make_host: MakeHost, kind: str) -> None:
    key, value = KEYS[kind]
    host = make_host(_legacy())
    person = _person(host.db, key)
    before = set(dir(person))
    models = build_models(host.db, _manager(user_model=person))
    configure_mappers()
    for table in (models.user_role, models.user_group, models.user_stamp, models.preference):
        assert type(table.c.user_id.type) is type(person.__table__.c.person_no.type)
    assert set(dir(person)) - before == set(), "nothing is attached to the host's class"
    with host.app.app_context():
        host.db.create_all()
        user, role = person(number=value), models.role(name="Sales")
        role.user.append(user)
        host.db.session.add(role)
        host.db.session.commit()
        host.db.session.expire_all()
        assert [person.number for person in role.user] == [value]


@pytest.mark.parametrize("kind", KEYS)
def test_what_we_keep_goes_with_a_user_whom_the_host_deletes(make_host: MakeHost, kind: str) -> None:
    key, value = KEYS[kind]
    host = make_host(_legacy())
    person = _person(host.db, key)
    models = build_models(host.db, _manager(user_model=person))
    tables = (models.user_role, models.user_group, models.user_stamp, models.preference)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        role, group = models.role(name="Sales"), models.group(name="Staff")
        session.add_all([person(number=value), role, group])
        session.flush()
        session.execute(insert(models.user_role).values(user_id=value, role_id=role.id))
        session.execute(insert(models.user_group).values(user_id=value, group_id=group.id))
        session.execute(insert(models.user_stamp).values(user_id=value, stamp="s"))
        session.execute(insert(models.preference).values(user_id=value, name="theme", value="dark"))
        session.commit()

        session.delete(session.get(person, value))
        session.flush()
        assert [_count(host, table) for table in tables] == [0, 0, 0, 0]
        session.rollback()
        assert [_count(host, table) for table in tables] == [1, 1, 1, 1], "in the same transaction"


def test_a_host_without_our_tables_can_delete_a_user(make_host: MakeHost) -> None:
    host = make_host(_legacy())
    person = _person(host.db)
    models = build_models(host.db, _manager(user_model=person))
    with host.app.app_context():
        person.__table__.create(host.db.engine)
        host.db.session.add(person(number=1))
        host.db.session.commit()
        host.db.session.delete(host.db.session.get(person, 1))
        host.db.session.commit()
        assert _count(host, person) == 0

        host.db.create_all()
        role = models.role(name="Sales", user=[person(number=1)])
        host.db.session.add(role)
        host.db.session.commit()
        host.db.session.delete(role.user[0])
        host.db.session.commit()
        assert _count(host, models.user_role) == 0, "the tables are noticed as soon as they are there"


def test_a_reused_key_inherits_no_roles(make_host: MakeHost) -> None:
    host = make_host(_legacy())
    person = _person(host.db)
    models = build_models(host.db, _manager(user_model=person))
    with host.app.app_context():
        host.db.create_all()
        role = models.role(name="Admin", user=[person(number=1)])
        host.db.session.add(role)
        host.db.session.commit()
        # A bulk delete passes the mapper by, and SQLite cascades only where it is told to.
        host.db.session.execute(delete(person))
        host.db.session.commit()
        host.db.session.add(person(number=1))
        host.db.session.commit()
        assert _count(host, models.user_role) == 0


def test_a_name_that_is_the_key_brings_no_roles_back(make_host: MakeHost) -> None:
    host = make_host(_legacy())

    class Named(host.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "named"
        username = Column(String(30), primary_key=True)

    models = build_models(host.db, _manager(user_model=Named))
    with host.app.app_context():
        host.db.create_all()
        host.db.session.add(models.role(name="Admin", user=[Named(username="root")]))
        host.db.session.commit()
        host.db.session.execute(delete(Named))
        host.db.session.add(Named(username="root"))
        host.db.session.commit()
        assert _count(host, models.user_role) == 0


def test_a_deleted_role_takes_its_rows_along(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        access = models.permission_view(
            permission=models.permission(name="can_list"), view_menu=models.view_menu(name="V")
        )
        role = models.role(name="Sales", permissions=[access], user=[_new_user(models)])
        session.add_all([role, models.group(name="Staff", roles=[role])])
        session.commit()
        old = role.id
        session.delete(role)
        session.commit()
        for table in (models.permission_view_role, models.user_role, models.group_role):
            assert _count(host, table) == 0
        new = models.role(name="Other")
        session.add(new)
        session.commit()
        assert new.id != old, "the id is not given a second time"


@pytest.mark.parametrize("deleted", ["permission", "view_menu", "permission_view"])
def test_what_a_permission_was_granted_by_goes_with_it(host: Host, deleted: str) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        permission, menu = models.permission(name="can_list"), models.view_menu(name="V")
        access = models.permission_view(permission=permission, view_menu=menu)
        role = models.role(name="Sales", permissions=[access])
        session.add(role)
        session.commit()
        session.delete({"permission": permission, "view_menu": menu, "permission_view": access}[deleted])
        session.commit()
        assert _count(host, models.permission_view) == 0
        assert _count(host, models.permission_view_role) == 0
        assert role.permissions == []


def test_a_deleted_group_takes_its_rows_along(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        group = models.group(name="Staff", roles=[models.role(name="Sales")], users=[_new_user(models)])
        session.add(group)
        session.commit()
        session.delete(group)
        session.commit()
        assert (_count(host, models.user_group), _count(host, models.group_role)) == (0, 0)


def test_everything_can_be_deleted_in_one_flush(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        user = _new_user(models)
        access = models.permission_view(
            permission=models.permission(name="can_list"), view_menu=models.view_menu(name="V")
        )
        role = models.role(name="Sales", permissions=[access], user=[user])
        group = models.group(name="Staff", roles=[role], users=[user])
        session.add_all([group, role])
        session.commit()
        loaded = [user.roles, user.groups, role.user, role.permissions, group.users, group.roles]
        assert all(loaded)
        for item in (user, role, group, access, access.permission, access.view_menu):
            session.delete(item)
        session.commit()
        assert [_count(host, table) for table in models.metadata.sorted_tables if table.key != "ab_state"] == [0] * 13


def test_deleting_a_role_does_not_load_its_users(host: Host, count_statements: Callable[[], Any]) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        session = host.db.session
        host.db.create_all()
        role = models.role(name="Sales", user=[_new_user(models)])
        session.add(role)
        session.commit()
        with count_statements() as seen:
            session.delete(role)
            session.commit()
        assert [line for line in seen.texts if "FROM ab_user," in line or "FROM ab_user " in line] == []


def test_own_role_and_permission_names_of_the_host_do_not_collide(make_host: MakeHost) -> None:
    db = _legacy()

    class Role(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
        id = mapped_column(Integer, primary_key=True)

    class Permission(db.Model):  # type: ignore[name-defined,misc]  # the same
        id = mapped_column(Integer, primary_key=True)
        role_id = mapped_column(db.ForeignKey("role.id"))
        role = relationship("Role", backref="permissions")

    class User(db.Model):  # type: ignore[name-defined,misc]  # the same
        id = mapped_column(Integer, primary_key=True)

    host = make_host(db)
    build_models(db, object)
    with pytest.raises(ConfigurationError, match=r"AB306.*table role .* that of .*Role"):
        build_models(db, object, prefix="")
    with host.app.app_context():
        db.create_all()
        db.session.add(Role(permissions=[Permission()]))
        db.session.add(User())
        db.session.commit()
        assert db.session.scalar(select(Permission)).role.id == 1


def test_a_host_class_may_point_at_our_user(make_host: MakeHost) -> None:
    db = _legacy()
    users = security_models(db).user

    class Note(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
        id = mapped_column(Integer, primary_key=True)
        author_id = mapped_column(db.ForeignKey("ab_user.id"))
        author = relationship("AbUser")

    host = make_host(db)
    with host.app.app_context():
        db.create_all()
        db.session.add(Note(author=_new_user(security_models(db))))
        db.session.commit()
        assert isinstance(db.session.scalar(select(Note)).author, users)


def test_every_slot_may_be_the_hosts(make_host: MakeHost) -> None:
    db = _legacy()
    base = db.Model
    role = type("Job", (RoleMixin, base), {"__tablename__": "job"})
    group = type("Team", (GroupMixin, base), {"__tablename__": "team"})
    permission = type("Right", (PermissionMixin, base), {"__tablename__": "permit"})
    access = type("Access", (PermissionViewMixin, base), {"__tablename__": "access"})
    host = make_host(db)
    manager = _manager(role_model=role, group_model=group, permission_model=permission, permissionview_model=access)
    models = build_models(db, manager)
    assert (models.role, models.group, models.permission, models.permission_view) == (role, group, permission, access)
    assert models.made_tables == TABLES - {"ab_role", "ab_group", "ab_permission", "ab_permission_view"}
    with host.app.app_context():
        db.create_all()
        granted = access(permission=permission(name="can_list"), view_menu=models.view_menu(name="V"))
        db.session.add(role(name="Sales", permissions=[granted]))
        db.session.commit()
        db.session.delete(granted.permission)
        db.session.commit()
        assert _count(host, access) == _count(host, models.permission_view_role) == 0


def test_classes_that_are_in_use_already_can_be_brought(make_host: MakeHost) -> None:
    db = _legacy()
    user = type("Member", (UserMixin, db.Model), {"__tablename__": "member"})
    role = type("Job", (RoleMixin, db.Model), {"__tablename__": "job"})
    configure_mappers()
    models = build_models(db, _manager(user_model=user, role_model=role))
    person, job = user(username="ann"), role(name="Sales")
    person.roles.append(job)
    job.groups.append(models.group(name="Staff"))
    assert job.user == [person]
    job.user.remove(person)
    assert person.roles == []


def test_an_attribute_of_the_host_is_left_as_it_is() -> None:
    db = _legacy()
    user = type("Member", (UserMixin, db.Model), {"__tablename__": "member", "roles": property(lambda _self: "mine")})
    models = build_models(db, _manager(user_model=user))
    configure_mappers()
    assert user().roles == "mine"
    assert inspect(models.role).relationships["user"].mapper.class_ is user


def test_building_twice_gives_the_same() -> None:
    db = _legacy()
    manager = _manager()
    assert build_models(db, manager) is build_models(db, manager)
    assert security_models(db, manager) is build_models(db, object), "the slots count, not the manager"
    assert list(models_on(db)) == [build_models(db, manager)]


def test_threads_that_build_at_once_get_the_same() -> None:
    db = _legacy()
    found: list[SecurityModels] = []
    start = threading.Barrier(8)

    def build() -> None:
        start.wait()
        found.append(build_models(db, object))

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(models) for models in found}) == 1


def test_two_prefixes_stand_side_by_side(make_host: MakeHost) -> None:
    db = _legacy()
    person = _person(db)
    host = make_host(db)
    first = build_models(db, _manager(user_model=person))
    second = build_models(db, _manager(user_model=person), prefix="crm_")
    assert first.role is not second.role
    assert (first.role.__name__, second.role.__name__) == ("AbRole", "CrmRole")
    with host.app.app_context():
        db.create_all()
        ann = person(number=1)
        db.session.add_all([first.role(name="Sales", user=[ann]), second.role(name="Sales", user=[ann])])
        db.session.commit()
        db.session.delete(ann)
        db.session.commit()
        assert (_count(host, first.user_role), _count(host, second.user_role)) == (0, 0)


def test_a_schema_of_the_metadata_is_ours_too() -> None:
    models = build_models(SQLAlchemy(metadata=MetaData(schema="shop")), object)
    assert models.schema == "shop"
    assert models.made_tables == {f"shop.{name}" for name in TABLES}
    assert build_models(_legacy(), object, schema="security").user.__table__.schema == "security"


def test_no_statement_is_sent_and_no_app_is_needed(count_statements: Callable[[], Any]) -> None:
    with count_statements() as seen:
        build_models(_legacy(), object)
    assert len(seen) == 0


def test_a_hundred_apps_with_their_databases_are_given_back() -> None:
    gone: list[weakref.ref[Any]] = []
    for number in range(100):
        app, db = Flask(f"app{number}"), SQLAlchemy()
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
        db.init_app(app)
        models = build_models(db, object if number % 2 else _manager(user_model=_person(db)))
        configure_mappers()
        gone += [weakref.ref(db), weakref.ref(models), weakref.ref(models.role), weakref.ref(models.metadata)]
    del app, db, models
    gc.collect()
    assert sum(ref() is not None for ref in gone) == 0


def test_the_role_column_of_each_association_has_its_index() -> None:
    models = build_models(_legacy(), object)
    for table in (models.user_role, models.permission_view_role, models.group_role):
        assert {"role_id"} in [{column.name for column in index.columns} for index in table.indexes]


def test_the_key_of_the_user_leads_its_pairs() -> None:
    models = build_models(_legacy(), object)
    for table in (models.user_role, models.user_group):
        uniques = [item for item in table.constraints if item.__visit_name__ == "unique_constraint"]
        assert [next(iter(item.columns)).name for item in uniques] == ["user_id"]  # type: ignore[attr-defined]  # unique


@pytest.mark.parametrize("prefix", ["ab-", "1_", "ab ", "a" * 21, 'ab"'])
def test_a_prefix_that_cannot_begin_a_name_is_refused(prefix: str) -> None:
    with pytest.raises(ConfigurationError, match="AB307"):
        build_models(_legacy(), object, prefix=prefix)


def test_a_table_of_the_host_in_our_place_is_named() -> None:
    db = _legacy()
    type("Jobs", (db.Model,), {"__tablename__": "ab_role", "id": mapped_column(Integer, primary_key=True)})
    with pytest.raises(ConfigurationError, match=r"AB306.*table ab_role .* that of .*Jobs"):
        build_models(db, object)
    assert "ab_user" not in db.metadata.tables, "nothing is made where not all can be"


def test_two_managers_with_other_classes_need_two_prefixes() -> None:
    db = _legacy()
    build_models(db, object)
    with pytest.raises(ConfigurationError, match="AB306"):
        build_models(db, _manager(user_model=_person(db)))


def test_all_faults_of_the_slots_are_told_at_once() -> None:
    db = _legacy()
    pair = {"a": mapped_column(Integer, primary_key=True), "b": mapped_column(Integer, primary_key=True)}
    slots = {
        "user_model": type("Pair", (db.Model,), {"__tablename__": "pair", **pair}),
        "role_model": _person(db),
        "group_model": "Team",
    }
    with pytest.raises(ConfigurationError) as error:
        build_models(db, _manager(**slots))
    found = {(problem.id, problem.where.rpartition(".")[2]) for problem in error.value.problems}
    assert found == {("AB304", "user_model"), ("AB305", "role_model"), ("AB303", "group_model")}


def test_models_of_two_databases_are_refused() -> None:
    db = _legacy()
    role = type("Job", (RoleMixin, db.Model), {"__tablename__": "job", "__bind_key__": "other"})
    with pytest.raises(ConfigurationError, match="AB308"):
        build_models(db, _manager(user_model=_person(db), role_model=role))


def test_our_tables_follow_the_bind_key_of_the_user() -> None:
    db = _legacy()
    models = build_models(db, _manager(user_model=_person(db, __bind_key__="people")))
    assert models.bind_key == "people"
    assert models.metadata is db.metadatas["people"]
    assert models.role.__table__.metadata is models.metadata
