"""What a delete is said to do to others is what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, declarative_base, relationship

from appbuilder_lite.data.sqla_deletes import Consequence, consequences, first_of, kinds_of
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.sqla_references import Effect
from appbuilder_lite.errors import WriteFailed
from tests.conftest import CountStatements
from tests.data.conftest import everything
from tests.data.linked import (
    MODELS,
    Area,
    Attendance,
    Base,
    Bill,
    Contract,
    Course,
    Firm,
    Folder,
    Label,
    Lid,
    Mark,
    Parcel,
    Party,
    Place,
    Remark,
    Report,
    Stamp,
    Student,
    Visit,
    place_photo,
    rows,
)

Keys = set[tuple[str, tuple[Any, ...]]]


def _engine(database_url: str, *, is_enforced: bool) -> sa.Engine:
    engine = sa.create_engine(database_url)
    if engine.dialect.name == "sqlite" and is_enforced:
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    return engine


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = _engine(database_url, is_enforced=True)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def lax_session(database_url: str) -> Iterator[Session]:
    """Where the rules of foreign keys are only written down, as on SQLite by default."""
    if not database_url.startswith("sqlite"):
        pytest.skip("only SQLite does not follow its foreign keys")
    engine = _engine(database_url, is_enforced=False)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _save(session: Session, *items: Any) -> None:
    for item in items:
        session.add(item)
        session.flush()
    session.commit()
    session.expunge_all()


def _bound(session: Session, model: type[Any]) -> SQLAInterface:
    return SQLAInterface(model).bind(session)


def _told(session: Session, items: Sequence[Any]) -> Sequence[Consequence]:
    return consequences(_bound(session, type(items[0])), items, lambda kind: True)


def _keys(session: Session, told: Sequence[Consequence], effect: Effect) -> Keys:
    found: Keys = set()
    for one in told:
        if one.effect is effect:
            keys = [tuple(row) for row in session.execute(one.dependents.keys(one.kind))]
            assert len(keys) == len(set(keys)) == one.count
            assert one.kind.target is not None
            found |= {(one.kind.target.base_mapper.class_.__name__, key) for key in keys}
    return found


def _snapshot(session: Session) -> dict[tuple[str, tuple[Any, ...]], tuple[Any, ...]]:
    """All rows of classes, by class and key, as they stand in their tables."""
    found = {}
    for model in MODELS:
        mapper: Any = sa.inspect(model)
        if mapper.inherits is None:
            table = mapper.local_table
            for row in session.execute(sa.select(table)):
                key = tuple(getattr(row, column.name) for column in table.primary_key)
                found[(model.__name__, key)] = tuple(row)
    return found


def _check(session: Session, items: Sequence[Any]) -> bool:
    """Delete, compare with what was told, and undo it; whether it could be deleted."""
    told = _told(session, items)
    goes, unlinked = _keys(session, told, Effect.GOES), _keys(session, told, Effect.UNLINKED)
    is_blocked = any(one.effect is Effect.BLOCKS for one in told)
    own = {(sa.inspect(type(item)).base_mapper.class_.__name__, sa.inspect(item).identity) for item in items}
    before, datamodel = _snapshot(session), _bound(session, type(items[0]))
    try:
        datamodel.delete_all(items)
    except WriteFailed:
        session.rollback()
        assert is_blocked, (items, told)
        return False
    after = _snapshot(session)
    session.rollback()
    session.expunge_all()
    assert not is_blocked, (items, told)
    assert before.keys() - after.keys() - own == goes
    assert {key for key in after if after[key] != before[key]} == unlinked
    return True


@pytest.mark.parametrize("seed", range(1, 5))
def test_what_is_told_is_what_happens(session: Session, seed: int) -> None:
    _save(session, *rows(seed, bills=2 * (seed % 2)))
    could = []
    for model in MODELS:
        keys = [sa.inspect(item).identity for item in session.scalars(sa.select(model))]
        for key in keys:
            could.append(_check(session, [session.get_one(model, key)]))
    assert any(could)


@pytest.mark.parametrize("seed", range(1, 5))
def test_so_it_is_for_several_at_once(session: Session, seed: int) -> None:
    _save(session, *rows(seed, 0))
    tops = session.scalars(sa.select(Area.id).where(Area.parent_id.is_(None))).all()
    for model, keys in ((Area, tops), (Place, (1, 2, 3)), (Folder, (2, 3)), (Firm, (1, 5)), (Visit, (1, 5))):
        assert _check(session, [session.get_one(model, key) for key in keys])


def test_each_kind_is_counted(session: Session) -> None:
    _save(session, Area(id=1), Area(id=2, parent_id=1), Area(id=3, parent_id=2), Label(id=1))
    _save(session, Place(id=1, area_id=3), Place(id=2, area_id=1, twin_id=1))
    _save(session, Visit(id=1, place_id=1), Visit(id=2, place_id=2, next_id=1), Report(visit_id=2, number=1))
    _save(session, Remark(id=1, visit_id=2, report_number=1))
    told = _told(session, [session.get_one(Area, 2)])
    assert {(one.effect.value, one.kind.model, one.count) for one in told} == {
        ("goes", Area, 1),
        ("goes", Place, 1),
        ("goes", Visit, 1),
        ("unlinked", Place, 1),
        ("unlinked", Visit, 1),
    }
    told = _told(session, [session.get_one(Area, 1)])
    counts = {(one.effect.value, one.kind.model): one.count for one in told}
    assert counts == {
        ("goes", Area): 2,
        ("goes", Place): 2,
        ("goes", Visit): 2,
        ("goes", Report): 1,
        ("unlinked", Remark): 1,
    }


def test_rows_between_two_are_links(session: Session) -> None:
    _save(session, Area(id=1), Label(id=1), Label(id=2))
    _save(session, Place(id=1, area_id=1, labels=[session.get_one(Label, 1), session.get_one(Label, 2)]))
    (one,) = _told(session, [session.get_one(Place, 1)])
    assert (one.effect, one.kind.model, one.count) == (Effect.LINKS, Label, 2)
    assert _check(session, [session.get_one(Place, 1)])


def test_rows_between_two_without_a_rule_or_a_relation_keep_a_record(session: Session) -> None:
    _save(session, Area(id=1), Label(id=1))
    _save(session, Place(id=1, area_id=1, labels=[session.get_one(Label, 1)]))
    (one,) = _told(session, [session.get_one(Label, 1)])
    assert (one.effect, one.kind.model, one.kind.back, one.count) == (Effect.BLOCKS, Place, "labels", 1)
    assert not _check(session, [session.get_one(Label, 1)])


def test_a_table_without_a_class_keeps_a_record(session: Session) -> None:
    _save(session, Label(id=1))
    session.execute(sa.insert(place_photo).values(id=1, label_id=1))
    session.commit()
    (one,) = _told(session, [session.get_one(Label, 1)])
    assert (one.effect, one.kind.model, one.kind.table, one.count) == (Effect.BLOCKS, None, "place_photo", 1)
    assert not _check(session, [session.get_one(Label, 1)])


def test_rows_with_a_class_between_two_are_links_where_a_relation_says_so(session: Session) -> None:
    _save(session, Course(id=1), Student(id=1), Attendance(student_id=1, course_id=1))
    (one,) = _told(session, [session.get_one(Student, 1)])
    assert (one.effect, one.kind.model) == (Effect.LINKS, Course)
    datamodel = _bound(session, Student)
    with datamodel.savepoint():
        datamodel.delete(session.get_one(Student, 1))
    assert not session.scalars(sa.select(Attendance)).all()


def test_rows_with_a_class_between_two_keep_a_record_without_a_relation(session: Session) -> None:
    _save(session, Course(id=1), Student(id=1), Attendance(student_id=1, course_id=1))
    (one,) = _told(session, [session.get_one(Course, 1)])
    assert (one.effect, one.kind.model, one.kind.back) == (Effect.BLOCKS, Attendance, "course")
    assert not _check(session, [session.get_one(Course, 1)])


def test_what_is_left_to_the_database_follows_its_rules(session: Session) -> None:
    _save(session, Parcel(id=1), Stamp(id=1, parcel_id=1), Parcel(id=2), Lid(id=1, parcel_id=2))
    (one,) = _told(session, [session.get_one(Parcel, 1)])
    assert (one.effect, one.kind.model) == (Effect.GOES, Stamp)
    assert _check(session, [session.get_one(Parcel, 1)])
    (one,) = _told(session, [session.get_one(Parcel, 2)])
    assert (one.effect, one.kind.model) == (Effect.BLOCKS, Lid)
    assert not _check(session, [session.get_one(Parcel, 2)])


def test_below_what_the_database_deletes_relations_have_no_say(session: Session) -> None:
    _save(session, Parcel(id=1), Stamp(id=1, parcel_id=1), Mark(id=1, stamp_id=1))
    told = _told(session, [session.get_one(Parcel, 1)])
    assert [(one.effect, one.kind.model) for one in told] == [(Effect.BLOCKS, Mark), (Effect.GOES, Stamp)]
    assert not _check(session, [session.get_one(Parcel, 1)])
    assert _check(session, [session.get_one(Stamp, 1)])


def test_what_hangs_on_the_table_of_a_subclass_is_found(session: Session) -> None:
    _save(session, Firm(id=1), Party(id=2), Contract(id=1, firm_id=1), Folder(id=1, owner_id=1))
    told = _told(session, [session.get_one(Party, 1)])
    assert {(one.effect, one.kind.model) for one in told} == {(Effect.UNLINKED, Contract), (Effect.GOES, Folder)}
    assert not _told(session, [session.get_one(Party, 2)])


def test_the_relation_that_leads_back_is_known(session: Session) -> None:
    kinds = {kind.model: kind for kind in kinds_of(_bound(session, Visit), [Visit()])}
    assert kinds[Bill].back == "visit"
    assert kinds[Remark].back == "", "it is tied to what goes, not to the visit"


def test_any_number_costs_one_statement(session: Session, count_statements: CountStatements) -> None:
    _save(session, *rows(1))
    few, many = [session.get_one(Area, 1)], session.scalars(sa.select(Area)).all()
    for items in (few, many):
        with count_statements() as seen:
            _told(session, items)
        assert len(seen) == 1, seen


def test_more_than_a_thousand_are_not_counted(session: Session) -> None:
    _save(session, Area(id=1))
    session.execute(sa.insert(Place), [{"id": key, "area_id": 1} for key in range(1, 1501)])
    (one,) = _told(session, [session.get_one(Area, 1)])
    assert (one.count, one.is_more) == (1001, True)


def test_the_first_are_within_a_scope(session: Session) -> None:
    _save(session, Area(id=1), *(Place(id=key, area_id=1) for key in range(1, 31)))
    (one,) = _told(session, [session.get_one(Area, 1)])
    places = _bound(session, Place)
    assert [item.id for item in first_of(one, places, everything, 3)] == [1, 2, 3]
    even = first_of(one, places, lambda query: query.where(Place.id % 2 == 0).order_by(Place.id.desc()), 2)
    assert [item.id for item in even] == [2, 4]


def test_what_their_names_read_is_read_at_once(session: Session, count_statements: CountStatements) -> None:
    _save(session, Course(id=1), *(Student(id=key) for key in range(1, 6)))
    _save(session, *(Attendance(student_id=key, course_id=1) for key in range(1, 6)))
    (one,) = _told(session, [session.get_one(Course, 1)])
    with count_statements() as seen:
        found = first_of(one, _bound(session, Attendance), everything, 10, ["course"])
        assert [item.course.id for item in found] == [1] * 5
    assert len(seen) == 1, seen


def test_where_rules_are_not_followed_what_would_dangle_keeps_a_record(lax_session: Session) -> None:
    session = lax_session
    _save(session, Area(id=1), Place(id=1, area_id=1), Place(id=2, area_id=1), Visit(id=1, place_id=1))
    (one,) = _told(session, [session.get_one(Place, 1)])
    assert (one.effect, one.kind.model) == (Effect.BLOCKS, Visit)
    assert not _check(session, [session.get_one(Place, 1)])
    assert not _check(session, [session.get_one(Area, 1)]), "it would take the place along"
    assert _check(session, [session.get_one(Place, 2)])


def test_where_rules_are_not_followed_a_listener_is_trusted(lax_session: Session) -> None:
    def forget(_mapper: Any, connection: Any, item: Any) -> None:
        connection.execute(sa.delete(Visit).where(Visit.place_id == item.id))

    sa.event.listen(Place, "before_delete", forget)
    try:
        _save(lax_session, Area(id=1), Place(id=1, area_id=1), Visit(id=1, place_id=1))
        datamodel = _bound(lax_session, Place)
        with datamodel.savepoint():
            datamodel.delete(lax_session.get_one(Place, 1))
        assert not lax_session.scalars(sa.select(Visit)).all()
    finally:
        sa.event.remove(Place, "before_delete", forget)


def test_a_source_of_another_kind_tells_nothing() -> None:
    assert not consequences(object(), [object()], lambda kind: True)  # type: ignore[arg-type]  # as a host's own is
    assert not kinds_of(object(), [object()])  # type: ignore[arg-type]  # as a host's own is


@pytest.mark.parametrize("depth", [14, 40])
def test_a_tree_that_the_database_deletes_may_be_too_deep_for_it(database_url: str, depth: int) -> None:
    local: Any = declarative_base()

    class Branch(local):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "branch"
        id = sa.Column(sa.Integer, primary_key=True)
        parent_id: Any = sa.Column(sa.ForeignKey("branch.id", ondelete="CASCADE"))

    engine = sa.create_engine(database_url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    local.metadata.create_all(engine)
    with Session(engine) as session:
        _save(session, *(Branch(id=key, parent_id=key - 1 or None) for key in range(1, depth + 1)))
        root = session.get_one(Branch, 1)
        if engine.dialect.name in {"mysql", "mariadb"} and depth > 15:
            with pytest.raises(WriteFailed, match="Too many records hang on one another"):
                _bound(session, Branch).delete_all([root])
            session.rollback()
        else:
            _bound(session, Branch).delete_all([root])
            assert not session.scalars(sa.select(Branch)).all()
    engine.dispose()


@pytest.mark.parametrize("rule", ["CASCADE", "SET NULL"])
def test_foreign_keys_that_share_a_column_keep_their_own_rules(database_url: str, rule: str) -> None:
    local: Any = declarative_base()

    class Tenant(local):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "tenant"
        id = sa.Column(sa.Integer, primary_key=True)
        bills = relationship("Invoice", foreign_keys="Invoice.tenant_id", primaryjoin="Tenant.id == Invoice.tenant_id")

    class Client(local):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "client"
        tenant_id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
        number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)

    class Invoice(local):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "invoice"
        id = sa.Column(sa.Integer, primary_key=True)
        tenant_id: Any = sa.Column(sa.ForeignKey("tenant.id"))
        number = sa.Column(sa.Integer)
        together = sa.ForeignKeyConstraint(
            ["tenant_id", "number"], ["client.tenant_id", "client.number"], ondelete=rule
        )
        __table_args__ = (together,)

    class Receipt(local):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "receipt"
        id = sa.Column(sa.Integer, primary_key=True)
        client_tenant: Any = sa.Column(sa.ForeignKey("tenant.id"))
        number = sa.Column(sa.Integer)
        together = sa.ForeignKeyConstraint(
            ["client_tenant", "number"], ["client.tenant_id", "client.number"], ondelete=rule
        )
        __table_args__ = (together,)

    engine = sa.create_engine(database_url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    local.metadata.create_all(engine)
    with Session(engine) as session:
        _save(session, Tenant(id=1), Tenant(id=2), Client(tenant_id=1, number=1))
        _save(session, Invoice(id=1, tenant_id=1, number=1), Receipt(id=1, client_tenant=2))
        for key, model in ((1, Invoice), (2, Receipt)):
            tenant = session.get_one(Tenant, key)
            (one,) = _told(session, [tenant])
            assert (one.effect, one.kind.model) == (Effect.BLOCKS, model)
            with pytest.raises(WriteFailed):
                _bound(session, Tenant).delete_all([tenant])
            session.rollback()
        told = _told(session, [session.get_one(Client, (1, 1))])
        assert [one.effect for one in told] == [Effect.GOES if rule == "CASCADE" else Effect.UNLINKED]
    engine.dispose()
