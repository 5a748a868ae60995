"""What stands in a database beside tables with keys: views, tables without keys, triggers. Made by SQL, read back."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.automap import automap_base

from tests.conftest import MakeHost
from tests.statements import Statements
from tests.web.foreign import open_foreign, view_of
from tests.web.site import Site, make_db

TABLES = [
    "CREATE TABLE sale (id INTEGER PRIMARY KEY, shop VARCHAR(20), amount INTEGER)",
    "CREATE VIEW sale_total AS SELECT shop, CAST(SUM(amount) AS INTEGER) AS total FROM sale GROUP BY shop",
    "CREATE TABLE log_line (happened VARCHAR(20), place VARCHAR(20), said VARCHAR(20))",
    "CREATE TABLE legacy (code VARCHAR(20) NOT NULL, note VARCHAR(20), UNIQUE (code))",
    "CREATE TABLE guarded (id INTEGER PRIMARY KEY, note VARCHAR(20))",
    "INSERT INTO sale VALUES (1, 'north', 5), (2, 'north', 7), (3, NULL, 1)",
    "INSERT INTO log_line VALUES ('a', 'b', 'one'), (NULL, 'b', 'two'), (NULL, NULL, 'three'), (NULL, NULL, 'four')",
    "INSERT INTO legacy VALUES ('x/y', 'old')",
    "INSERT INTO guarded VALUES (1, 'kept')",
]
TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER guard BEFORE UPDATE ON guarded BEGIN SELECT RAISE(ABORT, 'secret words'); END",
        "CREATE TRIGGER shout AFTER UPDATE ON sale BEGIN UPDATE sale SET shop = upper(shop) WHERE id = new.id; END",
    ],
    "postgresql": [
        "CREATE FUNCTION guard() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'secret words'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER guard BEFORE UPDATE ON guarded FOR EACH ROW EXECUTE FUNCTION guard()",
        "CREATE FUNCTION shout() RETURNS trigger AS $$ BEGIN new.shop = upper(new.shop); RETURN new; END $$ "
        "LANGUAGE plpgsql",
        "CREATE TRIGGER shout BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION shout()",
    ],
    "mysql": [
        "CREATE TRIGGER guard BEFORE UPDATE ON guarded FOR EACH ROW "
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'secret words'",
        "CREATE TRIGGER shout BEFORE UPDATE ON sale FOR EACH ROW SET new.shop = upper(new.shop)",
    ],
}


def open_views(make_host: MakeHost, url: str) -> tuple[Site, Statements]:
    """A site of a database view in two ways, tables without a key, and tables with triggers."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for text in (*TABLES, *TRIGGERS[engine.dialect.name]):
            connection.exec_driver_sql(text)
    db = make_db()
    models = _models(db, engine)
    engine.dispose()
    views = [view_of(model) for model in models]
    site, seen = open_foreign(make_host, db, views, {model.__name__: model for model in models})
    site.create()
    return site, seen


def _models(db: Any, engine: sa.Engine) -> list[type[Any]]:
    base: Any = automap_base(metadata=db.metadata)
    base.prepare(autoload_with=engine)
    tables = {name: sa.Table(name, db.metadata, autoload_with=engine) for name in ("sale_total", "log_line", "legacy")}
    lines = tables["log_line"]
    names = sa.select(lines.c.said, sa.func.count().label("times")).group_by(lines.c.said).subquery()
    return [
        base.classes.sale,
        base.classes.guarded,
        _mapped(db, "SaleTotal", tables["sale_total"], [tables["sale_total"].c.shop]),
        _mapped(db, "LogLine", lines, [lines.c.happened, lines.c.place]),
        _mapped(db, "Legacy", tables["legacy"], [tables["legacy"].c.code]),
        _mapped(db, "SaidTimes", names, [names.c.said]),
        # Nobody can see of this class that it is a view.
        _claimed(db),
    ]


def _mapped(db: Any, name: str, table: Any, key: list[Any]) -> type[Any]:
    """A class of a table without a key, with the columns that its host says are unique."""
    return type(name, (db.Model,), {"__table__": table, "__mapper_args__": {"primary_key": key}})


def _claimed(db: Any) -> type[Any]:
    class ClaimedTotal(db.Model):  # type: ignore[misc]  # the base is made at run time
        __table__ = sa.Table(
            "sale_total",
            sa.MetaData(),
            sa.Column("shop", sa.String(20), primary_key=True),
            sa.Column("total", sa.Integer),
        )

    return ClaimedTotal
