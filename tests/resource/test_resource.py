"""The use-cases: what is read, what is written, and what becomes of refusals."""

import logging
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from appbuilder_lite.data.filters import FilterEqual, FilterStartsWith
from appbuilder_lite.data.query import ListQuery, Order
from appbuilder_lite.errors import Forbidden, InvalidInput, NotFound, Rejected
from appbuilder_lite.resource.reader import KEPT_PLANS
from appbuilder_lite.resource.resource import Resource
from tests.resource.browser import posted
from tests.resource.conftest import Desk, Person
from tests.resource.models import Country, Item, Odd, Sale, Tag
from tests.statements import statements


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """Two items, two countries, three tags."""
    chile, peru = Country(name="Chile"), Country(name="Peru", active=False)
    tags = [Tag(name=name) for name in ("red", "green", "blue")]
    desk.session.add_all([chile, peru, *tags])
    desk.session.flush()
    desk.session.add_all([Item(name="anvil", country=chile, tags=tags[:2], amount=1), Item(name="bolt", amount=2)])
    desk.session.commit()
    return desk


def names(resource: Resource, person: Person, **query: Any) -> list[Any]:
    return [row.values[0] for row in resource.list(ListQuery(**query), person).rows]


def send(resource: Resource, key: str, *pairs: tuple[str, str]) -> Any:
    """An edit by these posted pairs alone."""
    person = Person()
    item = resource.get(key, person)
    return resource.edit(item, resource.form("edit", person, formdata=MultiDict(pairs), item=item), person)


class Cautious(Person):
    """Somebody whom the view keeps from every record but bolts."""

    def check_item(self, action: str, item: Any) -> None:
        if item.name != "bolt":
            raise Forbidden(f"No {action} here")


class TestRefusedRecords:
    def test_a_record_that_the_policy_refuses_is_neither_given_nor_written(self, shop: Desk) -> None:
        resource, person = shop.resource(list_columns=["name"], edit_columns=["name"]), Cautious()
        anvil = resource.get("1", person)
        form = resource.form("edit", person, formdata=MultiDict([("name", "changed")]), item=anvil)
        for refused in (
            lambda: resource.get_for("edit", "1", person),
            lambda: resource.edit(anvil, form, person),
            lambda: resource.delete(anvil, person),
        ):
            with pytest.raises(Forbidden, match="here"):
                refused()
        shop.session.rollback()
        assert names(resource, person) == ["anvil", "bolt"]

    def test_a_record_is_judged_by_what_is_stored(self, shop: Desk) -> None:
        resource, person = shop.resource(list_columns=["name"], edit_columns=["name"]), Cautious()
        assert resource.get_for("delete", "2", person).name == "bolt"
        assert shop.edit(resource, "2", person, name="nut").ok
        assert names(resource, person) == ["anvil", "nut"]

    def test_a_list_brings_its_records_along_in_the_same_statement(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["amount"], list_eager=["country"])
        assert [row.item for row in resource.list(ListQuery(), Person()).rows] == [None, None]
        shop.session.expunge_all()
        with statements() as seen:
            rows = resource.list(ListQuery(), Person(), with_items=True).rows
            assert [(row.values, row.item.name) for row in rows] == [((1,), "anvil"), ((2,), "bolt")]
            assert str(rows[0].item.country) == "Chile"
        assert len(seen) == 1, seen


class TestReading:
    def test_the_list_is_in_the_base_order_unless_another_is_asked(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["name"], base_order=("name", "desc"))
        assert names(resource, Person()) == ["bolt", "anvil"]
        assert names(resource, Person(), order=(Order("name"),)) == ["anvil", "bolt"]
        assert resource.list(ListQuery(), Person()).query == ListQuery()

    def test_base_filters_and_scope_hold_for_list_count_search_and_get(self, shop: Desk) -> None:
        shop.session.add(Item(name="bucket", amount=2))
        shop.session.commit()
        resource = shop.resource(list_columns=["name"], base_filters=[["name", FilterStartsWith, "b"]])
        person = Person(scope_of=lambda query: query.where(Item.amount == 2, Item.name != "bucket"))
        page = resource.list(ListQuery(), person)
        assert ([row.values for row in page.rows], page.total) == ([("bolt",)], 1)
        assert names(resource, person, search="anvil") == []
        with pytest.raises(NotFound, match="item does not exist"):
            resource.get("1", person)
        assert resource.get("2", person).name == "bolt"

    def test_a_list_can_be_narrowed_further(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["name"])
        page = resource.list(ListQuery(), Person(), lambda query: query.where(Item.amount == 1))
        assert [row.values for row in page.rows] == [("anvil",)]

    @pytest.mark.parametrize("key", ["3", "x", "", "1.0", "9" * 40, "\0", "\ud800"])
    def test_a_key_of_nothing_is_not_found(self, shop: Desk, key: str) -> None:
        with pytest.raises(NotFound):
            shop.resource().get(key, Person())

    def test_many_records_come_once_each_or_not_at_all(self, shop: Desk) -> None:
        resource = shop.resource()
        assert [item.name for item in resource.get_many(["2", "1", "2"], Person())] == ["bolt", "anvil"]
        with pytest.raises(NotFound):
            resource.get_many(["1", "3"], Person())

    def test_a_column_that_the_person_may_not_meet_is_neither_selected_nor_searched_nor_sorted(
        self, shop: Desk
    ) -> None:
        resource = shop.resource(list_columns=["amount", "name"])
        person = Person(hidden=frozenset({("name", "list")}))
        with statements() as seen:
            page = resource.list(ListQuery(), person)
        assert (page.columns, [row.values for row in page.rows]) == (("amount",), [(1,), (2,)])
        assert not any("name" in text for text in seen.texts)
        assert resource.columns("list", person) == ("amount",)
        assert resource.list(ListQuery(search="anvil"), person).total == 0
        with pytest.raises(InvalidInput):
            resource.list(ListQuery(order=(Order("name"),)), person)

    def test_a_list_selects_the_columns_that_were_chosen_and_no_others(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["amount", "tags"], list_optional_columns=["name"])
        with statements() as seen:
            page = resource.list(ListQuery(columns=("name", "amount")), Person())
        assert page.columns == ("name", "amount")
        assert [row.values for row in page.rows] == [("anvil", 1), ("bolt", 2)]
        assert len(seen.texts) == 1

    def test_a_chosen_column_that_the_person_may_not_meet_is_left_out(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["amount"], list_optional_columns=["name"])
        person = Person(hidden=frozenset({("name", "list")}))
        assert resource.list(ListQuery(columns=("name", "amount")), person).columns == ("amount",)
        assert resource.list(ListQuery(columns=("name",)), person).columns == ("amount",)

    def test_the_statements_that_are_kept_do_not_grow_with_every_choice(self, shop: Desk) -> None:
        names = ["name", "amount", "nick", "price", "made_on"]
        resource = shop.resource(list_columns=names)
        for columns in permutations(names):
            resource.list(ListQuery(columns=columns), Person())
        assert resource._plan.cache_info().currsize == KEPT_PLANS

    def test_a_list_takes_a_statement_one_per_to_many_column_and_a_count_where_it_goes_on(self, shop: Desk) -> None:
        resource = shop.resource(list_columns=["name", "country.name", "tags"])
        with statements() as seen:
            resource.list(ListQuery(), Person())
        assert len(seen) == 2
        with statements() as seen:
            resource.list(ListQuery(page_size=1), Person())
        assert len(seen) == 3

    def test_a_record_comes_with_the_relations_that_are_asked_for(self, shop: Desk) -> None:
        shop.session.expunge_all()
        with statements() as seen:
            item = shop.resource().get("1", Person(), ["name", "country.name", "country"])
            assert item.country.name == "Chile"
        assert len(seen) == 1


class TestAdding:
    def test_a_record_is_added_and_committed(self, any_desk: Desk) -> None:
        tags = [Tag(name="red"), Tag(name="blue")]
        any_desk.session.add_all([Country(name="Chile"), *tags])
        any_desk.session.commit()
        country, (first, second) = any_desk.session.query(Country).one(), tags
        outcome = any_desk.add(
            any_desk.resource(), name="nut", amount="5", country=str(country.id), tags=[str(first.id), str(second.id)]
        )
        any_desk.session.rollback()
        item = any_desk.session.query(Item).one()
        assert (outcome.ok, outcome.key, outcome.errors) == (True, str(item.id), ())
        assert (item.name, item.amount, item.nick, item.on_sale) == ("nut", 5, None, True)
        assert item.country is country
        assert {tag.name for tag in item.tags} == {"red", "blue"}

    def test_required_is_what_is_not_nullable_and_has_no_default(self, shop: Desk) -> None:
        form = shop.resource().form("add", Person())
        assert [field.name for field in form if field.flags.required] == ["name"]
        sale = shop.resource(Sale).form("add", Person())
        assert [field.name for field in sale if field.flags.required] == ["code", "item"]

    def test_missing_required_values_are_errors_at_their_fields(self, shop: Desk) -> None:
        outcome = shop.add(shop.resource(Sale))
        assert outcome.errors == (("code", "This field is required."), ("item", "This field is required."))
        assert not outcome.ok

    def test_what_is_left_empty_gets_the_columns_default(self, shop: Desk) -> None:
        assert shop.add(shop.resource(Sale), code="a", item="1", rate="").ok
        assert shop.session.query(Sale).one().rate == 3

    def test_a_field_that_was_not_shown_gets_the_columns_default(self, shop: Desk) -> None:
        resource = shop.resource()
        form = resource.form("add", Person(), formdata=MultiDict([("_fields", "name"), ("name", "nut")]))
        assert resource.add(form, Person()).ok
        item = shop.session.query(Item).filter_by(name="nut").one()
        assert (item.on_sale, item.serial is None) == (True, False)

    def test_required_fields_are_required_though_the_page_did_not_name_them(self, shop: Desk) -> None:
        resource = shop.resource()
        form = resource.form("add", Person(), formdata=MultiDict([("_fields", "amount"), ("amount", "1")]))
        assert resource.add(form, Person()).errors == (("name", "This field is required."),)

    def test_a_duplicate_is_an_error_at_the_field_without_database_text(self, any_desk: Desk) -> None:
        any_desk.session.add(Item(name="anvil"))
        any_desk.session.commit()
        resource = any_desk.resource()
        form = resource.form("add", Person(), formdata=MultiDict([("name", "anvil")]))
        outcome = resource.add(form, Person())
        ((field, text),) = outcome.errors
        assert (outcome.ok, field) == (False, "name")
        assert list(form["name"].errors) == [text]
        assert not any(word in text.lower() for word in ("unique", "constraint", "insert", "sql", "anvil"))
        assert any_desk.session.query(Item).count() == 1

    def test_a_declared_message_is_said_for_a_broken_constraint(self, shop: Desk) -> None:
        outcome = shop.add(shop.resource(add_integrity_error_message="Have that"), name="anvil")
        assert outcome.errors == (("name", "Have that"),)

    def test_a_record_outside_of_the_scope_is_refused(self, shop: Desk) -> None:
        resource = shop.resource(base_filters=[["name", FilterStartsWith, "b"]])
        outcome = shop.add(resource, name="cup")
        assert not outcome.ok
        assert "outside of what you may see" in outcome.errors[0][1]
        assert shop.session.query(Item).count() == 2

    def test_columns_with_the_names_of_wtforms_own_attributes_work(self, desk: Desk) -> None:
        resource = desk.resource(Odd)
        assert desk.add(resource, data="a", errors="b", validate="c", meta="4").ok
        odd = desk.session.query(Odd).one()
        assert (odd.data, odd.errors, odd.validate, odd.meta) == ("a", "b", "c", 4)
        assert desk.edit(resource, "1", data="x").ok
        assert (odd.data, odd.errors) == ("x", "b")


class TestEditing:
    def test_a_change_is_written_and_committed(self, any_desk: Desk) -> None:
        any_desk.session.add(Item(name="anvil", nick="a"))
        any_desk.session.commit()
        (key,) = any_desk.session.scalars(sa.select(Item.id))
        assert any_desk.edit(any_desk.resource(), str(key), nick="").ok
        any_desk.session.rollback()
        assert any_desk.session.query(Item).one().nick is None

    def test_fields_that_the_page_did_not_show_are_untouched(self, shop: Desk) -> None:
        outcome = send(shop.resource(), "1", ("_fields", "amount"), ("amount", "7"), ("name", "hacked"))
        item = shop.session.get_one(Item, 1)
        assert outcome.ok
        assert (item.amount, item.name, item.on_sale, len(item.tags)) == (7, "anvil", True, 2)

    def test_a_box_and_a_selection_that_were_shown_and_emptied_are_written(self, shop: Desk) -> None:
        assert send(shop.resource(), "1", ("_fields", "on_sale,tags")).ok
        item = shop.session.get_one(Item, 1)
        assert (item.on_sale, item.tags) == (False, [])

    def test_without_the_marker_only_what_was_sent_counts(self, shop: Desk) -> None:
        assert send(shop.resource(), "1", ("amount", "7")).ok
        item = shop.session.get_one(Item, 1)
        assert (item.amount, item.on_sale, len(item.tags)) == (7, True, 2)

    def test_a_field_that_the_person_may_not_edit_is_no_field(self, shop: Desk) -> None:
        person = Person(hidden=frozenset({("amount", "edit")}))
        resource = shop.resource()
        item = resource.get("1", person)
        body = MultiDict([("_fields", "amount,nick"), ("amount", "7"), ("nick", "x")])
        form = resource.form("edit", person, formdata=body, item=item)
        assert "amount" not in form
        assert resource.edit(item, form, person).ok
        assert (item.amount, item.nick) == (1, "x")

    def test_a_key_in_the_post_does_not_overwrite(self, shop: Desk) -> None:
        assert send(shop.resource(), "1", ("id", "99"), ("password_hash", "x"), ("nick", "n")).ok
        item = shop.session.get_one(Item, 1)
        assert (item.nick, item.password_hash) == ("n", None)

    def test_a_record_cannot_be_moved_out_of_the_scope(self, shop: Desk) -> None:
        resource = shop.resource(base_filters=[["amount", FilterEqual, 1]])
        outcome = shop.edit(resource, "1", amount="2")
        assert not outcome.ok
        assert shop.session.get_one(Item, 1).amount == 1

    def test_a_broken_unique_key_is_an_error_at_the_field(self, shop: Desk) -> None:
        outcome = shop.edit(shop.resource(), "1", name="bolt")
        assert [field for field, _text in outcome.errors] == ["name"]
        assert shop.session.get_one(Item, 1).name == "anvil"

    def test_a_record_that_was_deleted_meanwhile_is_a_message(self, shop: Desk) -> None:
        resource, person = shop.resource(), Person()
        item = resource.get("2", person)
        form = resource.form("edit", person, formdata=MultiDict([("nick", "x")]), item=item)
        shop.session.execute(sa.text("DELETE FROM item WHERE id = 2"))
        outcome = resource.edit(item, form, person)
        assert not outcome.ok
        assert outcome.errors
        assert shop.session.query(Item).count() == 1

    def test_a_text_that_is_too_long_is_refused_before_the_database(self, shop: Desk) -> None:
        outcome = shop.edit(shop.resource(), "1", nick="x" * 61)
        assert outcome.errors == (("nick", "At most 60 characters; these are 61."),)

    def test_validators_of_the_view_are_asked(self, shop: Desk) -> None:
        resource = shop.resource(validators_columns={"nick": [Length(max=3, message="Shorter!")]})
        assert shop.edit(resource, "1", nick="long").errors == (("nick", "Shorter!"),)


class TestRelations:
    def test_choices_are_those_of_the_scope(self, shop: Desk) -> None:
        person = Person(
            related=lambda relation, query: query.where(Tag.name != "blue") if relation == "tags" else query
        )
        form = shop.resource(add_form_query_rel_fields={"country": [["active", FilterEqual, True]]}).form("add", person)
        countries: Any = form["country"]
        tags: Any = form["tags"]
        assert [choice[1] for choice in countries.iter_choices()] == ["(none)", "Chile"]
        assert sorted(choice[1] for choice in tags.iter_choices()) == ["green", "red"]

    @pytest.mark.parametrize("key", ["2", "99", "x", "\0", "\ud800", "9" * 50, "1/2"])
    def test_a_key_outside_of_the_scope_is_an_error_at_the_field(self, shop: Desk, key: str) -> None:
        resource = shop.resource(edit_form_query_rel_fields={"country": [["active", FilterEqual, True]]})
        outcome = send(resource, "2", ("country", key))
        assert outcome.errors == (("country", "Not one of the choices."),)

    @pytest.mark.parametrize("keys", [("1", "99"), ("x",), ("1", "\0")])
    def test_keys_outside_of_the_scope_are_an_error_at_the_field(self, shop: Desk, keys: tuple[str, ...]) -> None:
        outcome = send(shop.resource(), "2", *(("tags", key) for key in keys))
        ((field, text),) = outcome.errors
        assert field == "tags"
        assert "Not one of the choices" in text

    def test_related_records_outside_of_the_scope_stay(self, shop: Desk) -> None:
        person = Person(related=lambda _relation, query: query.where(sa.false()))
        assert shop.edit(shop.resource(), "1", person, nick="x").ok
        item = shop.session.get_one(Item, 1)
        assert (item.country is None, len(item.tags), item.nick) == (False, 2, "x")

    def test_related_records_are_added_and_removed(self, shop: Desk) -> None:
        assert shop.edit(shop.resource(), "1", tags=["2", "3"], country="").ok
        item = shop.session.get_one(Item, 1)
        assert {tag.name for tag in item.tags} == {"green", "blue"}
        assert item.country is None

    def test_a_save_asks_for_the_posted_key_alone(self, shop: Desk) -> None:
        resource, person = shop.resource(edit_columns=["country"]), Person()
        item = resource.get("2", person, ["country"])
        with statements() as seen:
            form = resource.form("edit", person, formdata=MultiDict([("country", "1")]), item=item)
        assert len(seen) == 1
        assert "WHERE country.id IN" in seen.texts[0]
        assert resource.edit(item, form, person).ok

    def test_above_the_limit_of_choices_a_key_is_typed(self, shop: Desk) -> None:
        shop.settings = type(shop.settings)(choices_limit=1)
        resource = shop.resource()
        form = resource.form("edit", Person(), item=resource.get("1", Person()))
        country: Any = form["country"]
        tags: Any = form["tags"]
        assert (country.input_kind, country._value(), country.hint) == ("text", "1", "The record's key; now: Chile")
        assert (tags.input_kind, tags._value()) == ("textarea", "1\n2")
        assert "red, green" in tags.description
        assert shop.edit(resource, "1", country="2", tags="2\r\n3\r\n").ok
        item = shop.session.get_one(Item, 1)
        assert (item.country_id, sorted(tag.id for tag in item.tags)) == (2, [2, 3])

    def test_a_foreign_key_as_a_plain_column_stays_within_the_scope(self, shop: Desk) -> None:
        resource = shop.resource(edit_columns=["country_id"])
        person = Person(related=lambda _relation, query: query.where(Country.name == "Chile"))
        outcome = shop.edit(resource, "1", person, country_id="2")
        assert outcome.errors == (("country_id", "Not one of the choices."),)
        assert shop.edit(resource, "2", person, country_id="1").ok


class TestDeleting:
    def test_a_record_is_deleted_and_committed(self, shop: Desk) -> None:
        resource = shop.resource()
        outcome = resource.delete(resource.get("1", Person()), Person())
        shop.session.rollback()
        assert (outcome.ok, outcome.key) == (True, "1")
        assert shop.session.query(Item).count() == 1

    def test_a_record_that_others_refer_to_stays(self, shop: Desk) -> None:
        shop.session.add(Sale(code="a", item_id=1))
        shop.session.commit()
        resource = shop.resource()
        outcome = resource.delete(resource.get("1", Person()), Person())
        assert outcome.errors == ((None, "Associated data exists, please delete them first"),)
        assert shop.session.query(Item).count() == 2


class TestHooks:
    def calls(self, shop: Desk, **more: Any) -> tuple[Resource, list[str]]:
        """A resource whose hooks write down their names, and whether the row was committed at that time."""
        seen: list[str] = []

        def hook(name: str) -> Any:
            return lambda view, item, *rest: seen.append(f"{name} {shop.session.in_nested_transaction()}")

        hooks = ("pre_add", "post_add", "pre_update", "post_update", "pre_delete", "post_delete", "after_flush")
        return shop.resource(**{**{name: hook(name) for name in hooks}, **more}), seen

    def test_they_come_in_their_order_and_post_hooks_after_the_commit(self, shop: Desk) -> None:
        resource, seen = self.calls(shop)
        shop.add(resource, name="nut")
        shop.edit(resource, "3", nick="x")
        resource.delete(resource.get("3", Person()), Person())
        assert seen == [
            *("pre_add True", "after_flush True", "post_add False"),
            *("pre_update True", "after_flush True", "post_update False"),
            *("pre_delete True", "post_delete False"),
        ]

    def test_after_flush_knows_the_key(self, shop: Desk) -> None:
        keys = []
        shop.add(shop.resource(after_flush=lambda view, item: keys.append(item.id)), name="nut")
        assert keys == [3]

    @pytest.mark.parametrize("hook", ["pre_add", "after_flush"])
    def test_a_refused_add_leaves_nothing_but_the_hosts_pending_rows(self, shop: Desk, hook: str) -> None:
        def refuse(_view: Any, item: Any) -> None:
            raise Rejected("Not today", field="nick")

        resource = shop.resource(Item, **{hook: refuse})
        shop.session.add(Tag(name="of the host"))
        form = resource.form("add", Person(), formdata=MultiDict([("name", "nut")]))
        outcome = resource.add(form, Person())
        assert outcome.errors == (("nick", "Not today"),)
        assert list(form["nick"].errors) == ["Not today"]
        shop.session.commit()
        assert shop.session.query(Item).filter_by(name="nut").count() == 0
        assert shop.session.query(Tag).filter_by(name="of the host").count() == 1

    def test_a_refused_edit_is_not_written_by_the_hosts_next_commit(self, shop: Desk) -> None:
        def refuse(_view: Any, item: Any) -> None:
            raise Rejected("Not today")

        outcome = shop.edit(shop.resource(pre_update=refuse), "1", nick="x", tags=["3"], country="2")
        assert outcome.errors == ((None, "Not today"),)
        shop.session.commit()
        item = shop.session.get_one(Item, 1)
        assert (item.nick, item.country_id, len(item.tags)) == (None, 1, 2)

    def test_a_refused_delete_keeps_the_record(self, shop: Desk) -> None:
        def refuse(_view: Any, item: Any) -> None:
            raise Rejected("Not today")

        resource = shop.resource(pre_delete=refuse)
        assert not resource.delete(resource.get("1", Person()), Person()).ok
        shop.session.commit()
        assert shop.session.query(Item).count() == 2

    def test_an_error_in_a_hook_rolls_back_and_comes_out(self, shop: Desk) -> None:
        def fail(_view: Any, item: Any) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            shop.edit(shop.resource(pre_update=fail), "1", nick="x")
        shop.session.commit()
        assert shop.session.get_one(Item, 1).nick is None

    @pytest.mark.parametrize("end", [Session.commit, Session.rollback])
    def test_a_hook_that_ends_the_transaction_is_no_success(self, shop: Desk, end: Any) -> None:
        resource = shop.resource(pre_update=lambda view, item: end(shop.session))
        assert not shop.edit(resource, "1", nick="x").ok

    def test_an_error_after_the_commit_is_logged_and_noticed_and_the_row_stays(
        self, shop: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(_view: Any, item: Any) -> None:
            raise ZeroDivisionError("secret detail")

        with caplog.at_level(logging.ERROR, "appbuilder_lite.resource.hooks"):
            outcome = shop.add(shop.resource(post_add=fail), name="nut")
        assert outcome.ok
        assert outcome.notices == ("The record was saved, but a step after it failed.",)
        assert "secret detail" in caplog.text
        assert shop.session.query(Item).filter_by(name="nut").count() == 1

    def test_a_refusal_after_the_commit_is_a_notice(self, shop: Desk) -> None:
        def refuse(_view: Any, item: Any) -> None:
            raise Rejected("No mail was sent")

        assert shop.add(shop.resource(post_add=refuse), name="nut").notices == ("No mail was sent",)

    def test_prefill_form_changes_what_is_shown_and_then_saved(self, shop: Desk) -> None:
        def prefill(_view: Any, form: Any, pk: str) -> None:
            form.nick.data = f"item {pk}"
            form.country.data = shop.session.get(Country, 2)

        resource = shop.resource(prefill_form=prefill)
        assert shop.edit(resource, "1").ok
        item = shop.session.get_one(Item, 1)
        assert (item.nick, item.country_id) == ("item 1", 2)

    def test_process_form_changes_what_is_written(self, shop: Desk) -> None:
        def process(_view: Any, form: Any, is_created: bool) -> None:
            form.nick.data = "made" if is_created else "changed"

        resource = shop.resource(process_form=process)
        assert shop.add(resource, name="nut").ok
        assert shop.session.get_one(Item, 3).nick == "made"
        assert send(resource, "3", ("amount", "1")).ok
        assert shop.session.get_one(Item, 3).nick == "changed"


class TestHostForms:
    def test_a_form_class_of_the_hosts_is_used_as_it_is(self, shop: Desk) -> None:
        class NameForm(Form):
            name = StringField(validators=[InputRequired("Say a name")])
            nick = StringField()
            on_sale = BooleanField()

            def validate_name(self, field: Any) -> None:
                if field.data == "bad":
                    raise ValidationError("Not this one")

        resource = shop.resource(add_form=NameForm, edit_form=NameForm)
        assert shop.add(resource).errors == (("name", "Say a name"),)
        assert shop.add(resource, name="bad").errors == (("name", "Not this one"),)
        assert shop.add(resource, name="nut", on_sale="y").ok
        item = shop.session.get_one(Item, 3)
        assert (item.nick, item.on_sale) == (None, True)
        assert shop.edit(resource, "3", on_sale="y").ok
        assert (item.nick, item.on_sale) == (None, True)

    def test_further_fields_reach_the_hooks_as_plain_attributes(self, shop: Desk) -> None:
        seen = []
        resource = shop.resource(
            add_form_extra_fields={"again": StringField(), "shout": StringField()},
            pre_add=lambda view, item: seen.append((item.again, item.shout())),
        )
        body = posted(resource.form("add", Person()), name="nut", again="nut", shout="x")
        assert resource.add(resource.form("add", Person(), formdata=body), Person()).ok
        assert seen == [("nut", "NUT")]

    @pytest.mark.parametrize("own", [True, False])
    def test_a_field_called_as_what_wtforms_calls_is_an_attribute(self, shop: Desk, own: bool) -> None:
        class OwnForm(Form):
            name = StringField()
            filter_id = StringField()
            validate_on = StringField()

        seen = []
        further = {name: StringField() for name in ("filter_id", "validate_on")}
        resource = shop.resource(
            **({"add_form": OwnForm} if own else {"add_form_extra_fields": further}),
            process_form=lambda view, form, is_created: seen.append((form.filter_id.data, form.validate_on.data)),
        )
        assert shop.add(resource, name="nut", filter_id="a", validate_on="b").ok
        assert seen == [("a", "b")]

    def test_a_field_called_as_what_wtforms_calls_for_another_is_reached_by_its_name(self, shop: Desk) -> None:
        seen = []
        further = {name: StringField() for name in ("filter_name", "validate_name")}
        resource = shop.resource(
            add_form_extra_fields=further,
            process_form=lambda view, form, is_created: seen.append(form["filter_name"].data),
        )
        assert shop.add(resource, name="nut", filter_name="a", validate_name="b").ok
        assert seen == ["a"]

    def test_a_field_of_fields_reaches_the_hooks_as_a_dict(self, shop: Desk) -> None:
        class Address(Form):
            town = StringField()

        seen = []
        resource = shop.resource(
            add_columns=["name", "address"],
            add_form_extra_fields={"address": FormField(Address)},
            pre_add=lambda view, item: seen.append(item.address),
        )
        form = resource.form("add", Person(), formdata=MultiDict([("name", "nut"), ("address-town", "Lima")]))
        assert resource.add(form, Person()).ok
        assert seen == [{"town": "Lima"}]

    def test_a_password_that_is_left_empty_is_not_set(self, shop: Desk) -> None:
        resource = shop.resource(edit_form_extra_fields={"secret": StringField()})
        seen: list[str] = []
        Item.secret = property(fset=lambda item, value: seen.append(value))
        try:
            assert send(resource, "1", ("secret", "")).ok
            assert send(resource, "1", ("secret", "x")).ok
        finally:
            del Item.secret  # type: ignore[attr-defined]
        assert seen == ["x"]
