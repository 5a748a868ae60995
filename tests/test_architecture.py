"""The package keeps its layers; and the rules themselves find what they should in made-up sources."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import read_sources, violations

PACKAGE = Path(__file__).parent.parent / "appbuilder_lite"


def _found(**sources: str) -> list[str]:
    """Violations of modules given as `data__query="source"`."""
    return violations({f"appbuilder_lite.{name.replace('__', '.')}": source for name, source in sources.items()})


def test_the_package_keeps_the_rules() -> None:
    assert violations(read_sources(PACKAGE)) == []


def test_the_package_is_read_whole() -> None:
    sources = read_sources(PACKAGE)
    assert {"appbuilder_lite.errors", "appbuilder_lite.data", "appbuilder_lite.security.access"} <= set(sources)
    assert len(sources) == len(list(PACKAGE.rglob("*.py")))


@pytest.mark.parametrize(
    "source",
    [
        "import appbuilder_lite.web.view",
        "from appbuilder_lite.web.view import BaseView",
        "from appbuilder_lite.web import view",
        "import appbuilder_lite",
        "from appbuilder_lite import AppBuilder",
        "def late():\n    from appbuilder_lite.web.view import BaseView",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from appbuilder_lite.web.view import BaseView",
        "from importlib import import_module\nimport_module('appbuilder_lite.web.view')",
        "try:\n    from appbuilder_lite.web.view import BaseView\nexcept ImportError:\n    pass",
    ],
)
def test_an_upward_import_is_found_wherever_it_stands(source: str) -> None:
    (line,) = _found(data__query=source)
    assert line.startswith("appbuilder_lite.data.query:")
    assert line.endswith("which stands above it")


def test_a_downward_import_is_fine() -> None:
    assert _found(web__view="from appbuilder_lite.data.query import Page", data__query="") == []


@pytest.mark.parametrize(("module", "sibling"), [("resource", "security"), ("security", "resource")])
def test_siblings_do_not_see_each_other(module: str, sibling: str) -> None:
    (line,) = _found(**{f"{module}__one": f"from appbuilder_lite.{sibling}.two import x"})
    assert "its sibling" in line


def test_modules_of_one_part_see_each_other() -> None:
    assert _found(security__sync="from appbuilder_lite.security.store import x", security__store="") == []


def test_a_cycle_is_found_and_named() -> None:
    found = _found(
        web__a="from appbuilder_lite.web.b import x",
        web__b="def late():\n    from appbuilder_lite.web import c",
        web__c="from appbuilder_lite.web.a import x",
    )
    (line,) = found
    path = [name.removeprefix("appbuilder_lite.web.") for name in line.removeprefix("cycle: ").split(" imports ")]
    # It may be told from any of the three.
    assert set(pairwise(path)) == {("a", "b"), ("b", "c"), ("c", "a")}


def test_a_package_and_its_module_in_a_cycle_are_found() -> None:
    found = violations(
        {
            "appbuilder_lite.data": "from appbuilder_lite.data.query import Page",
            "appbuilder_lite.data.query": "from appbuilder_lite.data import something",
        }
    )
    assert len(found) == 1
    assert found[0].startswith("cycle: ")


@pytest.mark.parametrize("part", ["errors", "data__x", "resource__x", "security__x", "registration"])
@pytest.mark.parametrize("name", ["flask", "flask.globals", "flask_login", "flask_wtf", "flask_sqlalchemy"])
def test_the_core_does_not_know_flask(part: str, name: str) -> None:
    (line,) = _found(**{part: f"import {name}"})
    assert "know Flask" in line


@pytest.mark.parametrize("part", ["web__x", "builtin__x", "builder", "cli"])
def test_the_outer_layers_know_flask(part: str) -> None:
    assert _found(**{part: "from flask import Flask"}) == []


def test_a_name_that_only_begins_like_flask_is_fine() -> None:
    assert _found(data__x="import flasket") == []


def test_a_relative_import_is_found() -> None:
    (line,) = _found(data__query="from ..web import view")
    assert "relative import" in line


def test_a_module_outside_the_table_is_found() -> None:
    (line,) = _found(helpers="")
    assert "stands in no layer" in line


@pytest.mark.parametrize(
    "source", ["from markupsafe import Markup", "from flask import Markup as M", "import markupsafe\nmarkupsafe.Markup"]
)
def test_markup_is_allowed_in_one_module(source: str) -> None:
    (line,) = _found(web__view=source)
    assert "put the HTML into a template" in line
    assert _found(web__rendering=source) == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    pass\nexcept:\n    pass",
        "try:\n    pass\nexcept Exception:\n    pass",
        "try:\n    pass\nexcept BaseException as error:\n    raise",
        "try:\n    pass\nexcept (ValueError, Exception):\n    pass",
        "import builtins\ntry:\n    pass\nexcept builtins.Exception:\n    pass",
        "from contextlib import suppress\nwith suppress(Exception):\n    pass",
    ],
)
def test_a_broad_except_is_found(source: str) -> None:
    (line,) = _found(web__view=source)
    assert "broad except" in line


def test_a_narrow_except_is_fine() -> None:
    assert _found(web__view="try:\n    pass\nexcept (KeyError, ValueError):\n    pass") == []


def test_a_broad_except_may_be_allowed_and_the_list_stays_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architecture, "BROAD_EXCEPT_MODULES", {"appbuilder_lite.web.view": "a reason"})
    assert _found(web__view="try:\n    pass\nexcept Exception:\n    pass") == []
    (line,) = _found(web__view="")
    assert "take it off" in line
