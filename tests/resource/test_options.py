"""What a declaration means: defaults where nothing is said, and frozen."""

import ast
import inspect
from dataclasses import FrozenInstanceError
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from wtforms import Form, StringField

from appbuilder_lite.data.filters import FilterEqual
from appbuilder_lite.data.query import Order
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import ModelSlot
from appbuilder_lite.resource import declaration
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.declared import HOOKS, OPTIONS
from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.settings import Settings
from tests.resource.conftest import Desk
from tests.resource.models import Base, Item, Sale

SHOWN = (
    *("name", "nick", "notes", "amount", "price", "weight", "on_sale", "checked", "made_on", "opens_at", "sold_at"),
    *("size", "serial", "country", "tags"),
)


class Loner(Base):
    """A foreign key without a relation, a computed column and one that no form can edit."""

    __tablename__ = "loner"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    twice: Mapped[int] = mapped_column(sa.Computed("item_id * 2", persisted=True))
    blob: Mapped[bytes | None]


@pytest.mark.parametrize("action", ["list", "show", "add", "edit"])
def test_columns_are_all_but_keys_and_secrets_with_relations_in_their_place(desk: Desk, action: str) -> None:
    assert getattr(desk.options(), f"{action}_columns") == SHOWN


def test_a_key_that_people_type_is_shown_and_added_but_not_edited(desk: Desk) -> None:
    options = desk.options(Sale)
    assert options.list_columns == options.add_columns == ("code", "item", "rate")
    assert options.edit_columns == ("item", "rate")


def test_a_foreign_key_without_a_relation_is_shown_and_what_cannot_be_written_has_no_field(desk: Desk) -> None:
    options = desk.options(Loner)
    assert options.list_columns == ("item_id", "twice", "blob")
    assert options.add_columns == options.edit_columns == ("item_id",)


@pytest.mark.parametrize(
    "name", ["password", "passwd", "user_pwd", "password_hash", "apiKey", "api_key", "access_token", "salt", "pin_hash"]
)
def test_secrets_are_known_by_their_name(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["passenger", "hashtag", "key_account", "salty", "compass", "tokenizer", "monkey"])
def test_names_that_only_look_like_secrets_are_none(name: str) -> None:
    assert not is_secret(name)


def test_a_secret_is_shown_where_it_is_asked_for(desk: Desk) -> None:
    assert desk.options(list_columns=["password_hash"]).list_columns == ("password_hash",)


def test_the_search_leaves_out_what_holds_no_word(desk: Desk) -> None:
    view = desk.view(search_columns=["name", "country", "on_sale", "opens_at", "country.name"])
    options, (problem,) = desk.resolve(view)
    assert options.search_columns == ("name", "country.name")
    assert (problem.id, problem.where, problem.warning) == ("AB109", "shop.views.ItemView.search_columns[1]", True)


def test_search_and_order_follow_what_is_shown(desk: Desk) -> None:
    options = desk.options(list_columns=["nick", "country.name", "tags", "shout"], show_columns=["notes", "amount"])
    assert options.search_columns == ("nick", "notes")
    assert options.order_columns == ("nick", "country.name")


def test_excluded_columns_are_left_out_of_defaults_and_of_declared_ones(desk: Desk) -> None:
    options = desk.options(
        list_exclude_columns=["notes"],
        add_columns=["name", "notes"],
        add_exclude_columns=["notes"],
        edit_fieldsets=[("A", {"fields": ["name", "notes"]})],
        edit_exclude_columns=["notes"],
        search_exclude_columns=["notes"],
    )
    assert options.list_columns == tuple(name for name in SHOWN if name != "notes")
    assert options.add_columns == options.edit_columns == ("name",)
    assert "notes" not in options.search_columns


def test_fieldsets_replace_columns_and_columns_make_one_fieldset(desk: Desk) -> None:
    options = desk.options(
        show_columns=["name"],
        show_fieldsets=[("Main", {"fields": ["nick"]}), (None, {"fields": ["notes"], "expanded": False})],
        add_columns=["name"],
    )
    assert options.show_columns == ("nick", "notes")
    assert options.show_fieldsets == (Fieldset("Main", ("nick",)), Fieldset("", ("notes",), expanded=False))
    assert options.add_fieldsets == (Fieldset("", ("name",)),)


def test_titles_come_from_the_model(desk: Desk) -> None:
    options = desk.options()
    assert (options.name, options.noun, options.title) == ("ItemView", "item", "Items")
    assert (options.list_title, options.add_title, options.show_title, options.edit_title) == (
        "Items",
        "New item",
        "",
        "",
    )


def test_a_declared_title_heads_the_list(desk: Desk) -> None:
    assert desk.options(title="Goods").list_title == "Goods"
    assert desk.options(title="Goods", list_title="All goods").list_title == "All goods"


def test_labels_are_declared_or_made_of_the_name(desk: Desk) -> None:
    labels = desk.options(label_columns={"nick": "Nickname"}).labels
    assert (labels["nick"], labels["country.name"]) == ("Nickname", "Country Name")


@pytest.mark.parametrize(
    ("declared", "orders"),
    [
        (None, ()),
        (("name", "desc"), (Order("name", True),)),
        ([("name", "asc"), ["amount", "desc"]], (Order("name"), Order("amount", True))),
    ],
)
def test_the_order_is_a_pair_or_a_list_of_pairs(desk: Desk, declared: Any, orders: tuple[Order, ...]) -> None:
    assert desk.options(base_order=declared).base_order == orders


def test_rows_are_counted_as_the_view_says_else_as_the_app_does(session: Session) -> None:
    assert Desk(session).options().list_count == "capped"
    desk = Desk(session, Settings(list_count="none"))
    assert (desk.options().list_count, desk.options(list_count="exact").list_count) == ("none", "exact")


def test_page_sizes_contain_the_page_size_and_respect_the_limit(session: Session) -> None:
    desk = Desk(session, Settings(max_page_size=50))
    assert desk.options(page_size=30).page_sizes == (10, 25, 30, 50)
    small = Desk(session, Settings(max_page_size=5)).options()
    assert (small.page_size, small.page_sizes) == (5, (5,))


def test_filters_are_made_for_the_model_they_narrow(desk: Desk) -> None:
    options = desk.options(
        base_filters=[["name", FilterEqual, "x"]],
        add_form_query_rel_fields={"country": [["active", FilterEqual, True]]},
    )
    ((base, value),) = options.base_filters
    assert (base.column_name, base.model, value) == ("name", Item, "x")
    ((related, value),) = options.add_rel_queries["country"]
    assert (related.model.__name__, value) == ("Country", True)


def test_a_form_of_the_hosts_brings_its_fields_and_extra_fields_come_last(desk: Desk) -> None:
    class NameForm(Form):
        nick = StringField()
        name = StringField()

    options = desk.options(add_form=NameForm, add_form_extra_fields={"again": StringField()})
    assert options.add_columns == ("nick", "name", "again")
    assert desk.options(edit_form_extra_fields={"again": StringField()}).edit_columns == (*SHOWN, "again")


def test_a_noun_of_ones_own_is_what_a_new_record_is_called(desk: Desk) -> None:
    options = desk.options(noun="client")
    assert (options.noun, options.add_title) == ("client", "New client")
    (problem,) = desk.problems(noun=7)
    assert (problem.id, problem.where) == ("AB106", "shop.views.ItemView.noun")


def test_columns_that_are_left_out_stand_in_a_form_only_where_they_are_declared(desk: Desk) -> None:
    view = desk.view()
    datamodel = view.datamodel.bind(desk.session)
    options, _ = resolve(view, datamodel, desk.settings, left_out=["country", "tags"])
    assert not {"country", "tags"} & {*options.add_columns, *options.edit_columns}
    assert {"country", "tags"} <= {*options.list_columns, *options.show_columns}
    own = desk.view(add_columns=["tags"], edit_fieldsets=[("A", {"fields": ["country"]})])
    options, _ = resolve(own, datamodel, desk.settings, left_out=["country", "tags"])
    assert (options.add_columns, options.edit_columns) == (("tags",), ("country",))


def test_options_are_frozen_and_the_class_is_not_touched(desk: Desk) -> None:
    view = desk.view(list_columns=["name"])
    before = dict(vars(view))
    options, _ = desk.resolve(view)
    assert dict(vars(view)) == before
    with pytest.raises(FrozenInstanceError):
        options.page_size = 5  # type: ignore[misc]  # that it cannot be set is what is tested
    for name in ("paths", "labels", "formatters", "messages", "templates"):
        with pytest.raises(TypeError, match="does not support item assignment"):
            getattr(options, name)["x"] = "y"


def test_columns_of_our_own_classes_are_logical_and_left_out_when_lacking(desk: Desk) -> None:
    stock: Any = type(
        "StockView",
        (ResourceDeclaration,),
        {
            "__module__": "appbuilder_lite.builtin.accounts",
            "datamodel": SQLAInterface(ModelSlot("user_model")),
            "list_columns": ["username", "email", "active"],
            "label_columns": {"username": "Sign-in name", "active": "Is active?"},
            "edit_fieldsets": [("A", {"fields": ["username", "email"]}), ("B", {"fields": ["active"]})],
            "base_order": ("username", "asc"),
        },
    )
    names = {"username": "name", "email": "name", "active": None}
    datamodel = stock.datamodel.bind(desk.session, resolve=lambda _slot: (Item, names))
    options, problems = resolve(stock, datamodel, Settings())
    assert problems == ()
    assert options.list_columns == ("name",)
    assert options.labels["name"] == "Sign-in name"
    assert options.edit_fieldsets == (Fieldset("A", ("name",)),)
    assert options.base_order == (Order("name"),)
    own = type("OwnView", (stock,), {"__module__": "shop.views", "list_columns": ["active"]})
    _options, (problem,) = resolve(own, datamodel, Settings())
    assert (problem.id, problem.where) == ("AB103", "shop.views.OwnView.list_columns[0]")


def test_every_option_and_hook_is_documented_where_it_is_declared() -> None:
    tree = ast.parse(inspect.getsource(declaration.ResourceDeclaration).lstrip())
    body = tree.body[0].body  # type: ignore[attr-defined]
    documented = {
        first.target.id
        for first, second in pairwise(body)
        if isinstance(first, ast.AnnAssign) and isinstance(second, ast.Expr) and isinstance(first.target, ast.Name)
    }
    assert documented == {*OPTIONS, "datamodel"}
    assert all(getattr(ResourceDeclaration, name).__doc__ for name in HOOKS)


def test_hooks_do_nothing_unless_overridden() -> None:
    hooks, query = ResourceDeclaration(), object()
    assert hooks.scope(query, None) is query
    assert hooks.can_access_field(None, "name", "list") is True
