"""Which control a field gets, and what it tells the browser."""

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms
from wtforms.validators import InputRequired, Length, NumberRange

from appbuilder_lite import ModelView, SimpleFormView, SQLAInterface
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.web.form_page import field_page, fieldset_pages, with_focus, with_the_rest
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Site

REQUIRED = [InputRequired()]


def _page(field: Any, **values: Any) -> Any:
    form: Any = type("Form", (wtforms.Form,), {"it": field})(**values)
    return field_page(form["it"])


def _choices(count: int) -> Any:
    return ["", *map(str, range(count))]


def test_a_required_choice_of_few_is_made_by_radios_without_the_empty_one() -> None:
    few = _page(wtforms.SelectField("It", REQUIRED, choices=_choices(5)), data={"it": "3"})
    assert (few.kind, [choice.value for choice in few.choices]) == ("radio", ["0", "1", "2", "3", "4"])
    assert [choice.value for choice in few.choices if choice.selected] == ["3"]


@pytest.mark.parametrize(
    "field",
    [wtforms.SelectField("It", REQUIRED, choices=_choices(6)), wtforms.SelectField("It", choices=_choices(2))],
    ids=["many", "optional"],
)
def test_other_choices_are_made_in_a_select(field: Any) -> None:
    found = _page(field)
    assert found.kind == "select"
    assert found.choices[0].value == ""


def test_a_relation_to_few_records_is_chosen_by_radios_and_saved(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class OrderView(ModelView):
            datamodel = SQLAInterface(site.models.Order)
            add_columns = ["number", "customer"]

        return [OrderView]

    site = site_of(make_host, declare, rows=5)
    admin = site.admin()
    page = admin.get("/admin/orderview/add")
    assert len(re.findall(r'<input type="radio" [^>]*name="customer"', page.text)) == 5
    assert "checked" not in page.text
    nothing = admin.send("/admin/orderview/add", number="X1")
    assert nothing.status_code == 422
    assert 'href="#customer"' in nothing.text
    assert admin.send("/admin/orderview/add", number="X1", customer="2").status_code == 302
    shown = admin.get("/admin/orderview/edit/6").text
    assert sent_form(shown, "/admin/orderview/edit/6")["customer"] == "2"


@pytest.mark.parametrize(
    ("field", "mode"),
    [
        (wtforms.IntegerField("It", [NumberRange(min=0)]), "numeric"),
        (wtforms.IntegerField("It", [NumberRange(min=-5)]), None),
        (wtforms.IntegerField("It"), None),
        (wtforms.DecimalField("It", [NumberRange(min=0)]), "decimal"),
        (wtforms.DecimalField("It", [NumberRange(min=-50, max=50)]), None),
        (wtforms.StringField("It", [NumberRange(min=0)]), None),
        (wtforms.IntegerField("It", [NumberRange(min=0)], render_kw={"inputmode": "tel"}), "tel"),
    ],
)
def test_a_number_without_a_sign_gets_the_keys_of_numbers(field: Any, mode: str | None) -> None:
    assert dict(_page(field).attributes).get("inputmode") == mode


@pytest.mark.parametrize(
    ("field", "width"),
    [
        (wtforms.StringField("It", [Length(max=2)]), "short"),
        (wtforms.StringField("It", [Length(max=40)]), "medium"),
        (wtforms.StringField("It", [Length(max=41)]), ""),
        (wtforms.StringField("It"), ""),
        (wtforms.EmailField("It", [Length(max=10)]), ""),
        (wtforms.IntegerField("It"), "short"),
    ],
)
def test_a_field_is_as_wide_as_what_goes_into_it(field: Any, width: str) -> None:
    assert _page(field).width == width


def test_a_file_field_shows_the_name_of_the_file_that_there_is() -> None:
    found = _page(wtforms.FileField("It"), data={"it": "contract.pdf"})
    assert (found.kind, found.value) == ("file", "contract.pdf")
    assert _page(wtforms.FileField("It")).value == ""


def test_the_focus_goes_into_the_first_field_that_can_be_typed_in() -> None:
    class Form(wtforms.Form):
        token = wtforms.HiddenField()
        name = wtforms.StringField()
        tick = wtforms.BooleanField()

    def focused(*names: str, expanded: bool = True) -> list[str]:
        pages = fieldset_pages(Form(), [Fieldset("", names, expanded)])
        return [
            field.name for page in with_focus(pages) for field in page.fields if "autofocus" in dict(field.attributes)
        ]

    assert focused("token", "name", "tick") == ["name"]
    assert focused("tick", "name") == []
    assert focused("name", expanded=False) == []
    assert focused("token") == []


def test_only_a_new_record_gets_the_focus_and_only_where_nothing_is_wrong(site: Site) -> None:
    admin = site.admin()
    assert len(re.findall("<input[^>]* autofocus", admin.get("/admin/customerview/add").text)) == 1
    assert "<input" not in "".join(re.findall("<[^>]* autofocus", admin.get("/admin/customerview/edit/1").text))
    wrong = admin.send("/admin/customerview/add", name="")
    assert re.findall("<(\\w+)[^>]* autofocus", wrong.text) == ["div"], "the summary of the faults has it"


def test_the_description_of_a_group_stands_in_it(make_host: MakeHost) -> None:
    class Form(wtforms.Form):
        name = wtforms.StringField()
        note = wtforms.StringField()

    groups = [Fieldset("Person", ("name",), description="Who it is.")]
    pages = fieldset_pages(Form(), with_the_rest(groups, Form()))
    assert [(page.title, page.description, page.fields[0].name) for page in pages] == [
        ("Person", "Who it is.", "name"),
        ("", "", "note"),
    ]

    class FormView(SimpleFormView):
        form = Form
        form_fieldsets = [("Person", {"fields": ["name"], "description": "Who it is."})]

    admin = site_of(make_host, lambda site: [FormView], rows=0).admin()
    assert '<p class="ab-muted">Who it is.</p>' in admin.get("/admin/formview/form").text


def test_validators_narrow_the_bounds_of_a_column(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class Part(site.db.Model):  # type: ignore[name-defined, misc]  # the base is made at run time
            id = sa.Column(sa.Integer, primary_key=True)
            count = sa.Column(sa.SmallInteger)
            code = sa.Column(sa.String(20))
            loose = sa.Column(sa.String(20))

        class PartView(ModelView):
            datamodel = SQLAInterface(Part)
            validators_columns = {
                "count": [NumberRange(min=0, max=100_000)],
                "code": [Length(max=8)],
                "loose": [Length(max=50)],
            }

        return [PartView]

    page = site_of(make_host, declare, rows=0).admin().get("/admin/partview/add").text
    [count] = re.findall('<input type="number" id="count"[^>]*>', page)
    assert 'min="0"' in count
    assert 'max="32767"' in count
    assert 'inputmode="numeric"' in count
    assert 'maxlength="8"' in re.findall('<input type="text" id="code"[^>]*>', page)[0]
    assert 'maxlength="20"' in re.findall('<input type="text" id="loose"[^>]*>', page)[0]


def test_what_a_page_that_comes_back_cannot_hold_is_told_at_the_field(make_host: MakeHost) -> None:
    class Form(wtforms.Form):
        name = wtforms.StringField("Name", REQUIRED)
        photo = wtforms.FileField("Photo")
        pin = wtforms.PasswordField("Pin")
        secret = wtforms.PasswordField("Secret", REQUIRED)

    class FormView(SimpleFormView):
        form = Form

    admin = site_of(make_host, lambda site: [FormView], rows=0).admin()
    given = {"photo": (io.BytesIO(b"..."), "dove.png"), "pin": "1234", "secret": "5678"}
    page = admin.client.post("/admin/formview/form", data={"csrf_token": admin.token(), "name": "", **given})
    assert page.status_code == 422
    assert 'id="photo-note">Choose it once more: dove.png<' in page.text
    assert 'aria-describedby="photo-note"' in page.text
    assert 'id="pin-note">Type it once more.<' in page.text
    assert "secret-note" not in page.text, "it is empty and required: that is plain to see"
    assert "-note" not in admin.get("/admin/formview/form").text
