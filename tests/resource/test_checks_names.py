"""Option names that have no effect are found; names of the user's own are left alone."""

from typing import Any

import pytest

from appbuilder_lite.resource.checks import check_option_names
from appbuilder_lite.resource.checks_names import UNSUPPORTED
from appbuilder_lite.resource.declaration import ResourceDeclaration


def marked(function: Any) -> Any:
    function.route = True
    return function


def problems(**attributes: Any) -> list[tuple[str, str, str]]:
    view = type("ItemView", (ResourceDeclaration,), {"__module__": "shop.views", **attributes})
    return [
        (problem.id, problem.where.removeprefix("shop.views.ItemView."), problem.fix)
        for problem in check_option_names(view, ResourceDeclaration)
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("list_colums", "list_columns"),
        ("base_filter", "base_filters"),
        ("page_siz", "page_size"),
        ("search_column", "search_columns"),
        ("add_from", "add_form"),
        ("label_column", "label_columns"),
        ("related_view", "related_views"),
    ],
)
def test_a_misspelt_option_is_found(name: str, meant: str) -> None:
    ((check, where, fix),) = problems(**{name: []})
    assert (check, where) == ("AB101", name)
    assert f"did you mean {meant!r}?" in fix


def test_a_misspelt_hook_is_found() -> None:
    ((check, where, fix),) = problems(pre_updat=lambda self, item: None)
    assert (check, where) == ("AB101", "pre_updat")
    assert "'pre_update'" in fix


@pytest.mark.parametrize(
    "attributes",
    [
        {"list_columns": ["name"], "pre_add": lambda self, item: None},
        {"customers": [], "shop_name": "x", "_list_colums": []},
        {"list_colums": marked(lambda self: None)},
        {"list_column": lambda self: None},
    ],
)
def test_what_is_the_users_own_business_is_left_alone(attributes: dict[str, Any]) -> None:
    assert problems(**attributes) == []


@pytest.mark.parametrize("name", sorted(UNSUPPORTED))
def test_an_option_of_flask_appbuilder_without_effect_is_a_warning(name: str) -> None:
    view = type("ItemView", (ResourceDeclaration,), {name: None})
    (problem,) = check_option_names(view, ResourceDeclaration)
    assert problem.id == "AB102"
    assert problem.warning
    assert problem.fix == UNSUPPORTED[name]


def test_a_mixin_of_the_users_is_read_too() -> None:
    mixin = type("Mixin", (), {"list_colums": [], "__module__": "shop.mixins"})
    view = type("ItemView", (mixin, ResourceDeclaration), {})
    (problem,) = check_option_names(view, ResourceDeclaration)
    assert problem.where == "shop.mixins.Mixin.list_colums"


def test_a_class_that_is_no_resource_is_compared_with_its_own_options() -> None:
    base = type("BasePage", (), {"default_view": "list", "__module__": "shop.pages"})
    view = type("Page", (base,), {"defaut_view": "x", "list_colums": [], "__module__": "shop.pages"})
    (problem,) = check_option_names(view, base)
    assert problem.where == "shop.pages.Page.defaut_view"
