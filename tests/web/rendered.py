"""Our templates through plain Jinja, without an app: what a page looks like given its values."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import appbuilder_lite
from appbuilder_lite.text import gettext, ngettext
from tests.web import gallery

PACKAGE = Path(appbuilder_lite.__file__).parent
STATIC = PACKAGE / "static" / "appbuilder_lite"
TEMPLATES = PACKAGE / "templates" / "appbuilder_lite"


@cache
def environment() -> Environment:
    """Jinja as Flask sets it up, but strict: a template that names a value nobody gives it fails."""
    return Environment(loader=FileSystemLoader(PACKAGE / "templates"), undefined=StrictUndefined, autoescape=True)


def render(template: str, **values: Any) -> str:
    """The HTML of a template of ours with the gallery's shell, no flashes and a fixed CSRF token."""
    return environment().get_template(f"appbuilder_lite/{template}").render(given(values))


def render_content(template: str, **values: Any) -> str:
    """The HTML of a page of ours without the frame around it."""
    frame = "{% block content %}{% endblock %}"
    return render(template, **{**values, "base_template": environment().from_string(frame)})


def render_block(template: str, block: str, **values: Any) -> str:
    """The HTML of one block of a template of ours; what the template sets before its blocks is among the values."""
    found = environment().get_template(f"appbuilder_lite/{template}")
    return "".join(found.blocks[block](found.new_context(given(values))))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What every template is given, and these values."""
    shell = values.get("shell", gallery.SHELL)
    return {
        "shell": shell,
        "icons": shell.look.icons,
        "flashes": (),
        "csrf_token": "the-token",
        "csrf_field": "csrf_token",
        "base_template": "appbuilder_lite/layout.html",
        "list_template": "appbuilder_lite/list.html",
        "form_template": "appbuilder_lite/form.html",
        "asset": "/static/{}".format,
        "_": gettext,
        "gettext": gettext,
        "ngettext": ngettext,
        **values,
    }


def render_page(name: str) -> str:
    """The HTML of a page of the gallery."""
    template, values = gallery.PAGES[name]
    return render(template, **values)
