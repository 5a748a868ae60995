"""From page values to HTML: the shell, the flashes, the assets, and one call that renders a template."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import g, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from appbuilder_lite.security.digests import person_digest
from appbuilder_lite.settings import LAYOUT
from appbuilder_lite.text import reader
from appbuilder_lite.web import choices
from appbuilder_lite.web.assets import EMBEDDED, STYLE, THEME, asset, theme_asset
from appbuilder_lite.web.guard import allows, sign_in_url
from appbuilder_lite.web.kept_addresses import address
from appbuilder_lite.web.messages import messages
from appbuilder_lite.web.navigation import page_url, visible_menu
from appbuilder_lite.web.session import csrf_field, current_principal
from appbuilder_lite.web.shell import Look, Shell
from appbuilder_lite.web.state import AppState, request_state
from appbuilder_lite.web.theme import is_address

SCRIPT = "appbuilder.js"


def render(state: AppState, template: str, **values: Any) -> str:
    """Render a template with what every page of ours needs: shell, flashes, CSRF token, assets and words.

    `stylesheet` names the page's one of `assets.STYLESHEETS`.
    """
    stylesheet = values.pop("stylesheet", STYLE)
    shell = values.pop("shell", None) or shell_of(state, stylesheet)
    can = partial(allows, state)
    given = _values(state, shell=shell, flashes=messages(), csrf_token=generate_csrf(), can=can, **values)
    return render_template(template, **given)


def render_bare(state: AppState, template: str, **values: Any) -> str:
    """Render a template that asks neither the database nor the session who is there."""
    shell = empty_shell(state, frame=LAYOUT)
    bare = {"flashes": (), "csrf_token": "", "can": _nothing_is_allowed, "base_template": LAYOUT}
    given = _values(state, shell=shell, **bare, **values)
    # Not by Flask's own function: it runs the host's context processors, and those may ask the database.
    return state.app.jinja_env.get_template(template).render(request=request, g=g, **given)


def _values(state: AppState, *, shell: Shell, **values: Any) -> dict[str, Any]:
    # A page has a hundred words: who reads it is asked once.
    found = reader()
    words = {"_": found.gettext, "gettext": found.gettext, "ngettext": found.ngettext}
    given = {"asset": partial(asset_url, state), "csrf_field": csrf_field(), "icons": shell.look.icons}
    return {**words, **given, "base_template": state.settings.base_template, "shell": shell, **values}


def _nothing_is_allowed(permission: str, view_menu: str) -> bool:
    return False


def shell_of(state: AppState, stylesheet: str = STYLE) -> Shell:
    """The frame of a page for the current person."""
    principal = current_principal(state)
    if not principal.is_signed_in:
        return empty_shell(state, sign_in=sign_in_url(state))
    return Shell(
        app_name=state.settings.app_name,
        home_url=page_url(state, state.home),
        look=look_of(state, state.settings.base_template, stylesheet=stylesheet),
        menu=visible_menu(state, principal),
        user_name=state.sm.users.full_name(principal.user),
        profile_url=page_url(state, state.page_of("userinfoeditview")),
        password_url=page_url(state, state.page_of("resetmypasswordview")),
        sign_out_url=page_url(state, state.page_of("authdbview", "logout") or "AuthView.logout"),
        search_url=page_url(state, "UtilView.search"),
        owner=person_digest(str(state.app.secret_key), state.sm.users.key(principal.user)),
        theme=choices.THEME.current,
        theme_url=page_url(state, "UtilView.theme"),
        nav=choices.NAV.current,
        nav_url=page_url(state, "UtilView.nav"),
        shortcuts=choices.SHORTCUTS.current,
        shortcuts_url=page_url(state, "UtilView.shortcuts"),
        menu_url=page_url(state, "UtilView.menu"),
        path=this_address(),
        language=reader().language,
        direction=reader().direction,
    )


def empty_shell(state: AppState, sign_in: str = "", frame: str = "", script: str = SCRIPT) -> Shell:
    """The frame where nobody is signed in, or nothing may be asked of the database; `frame` is its template."""
    return Shell(
        app_name=state.settings.app_name,
        home_url=page_url(state, state.home),
        look=look_of(state, frame or state.settings.base_template, script),
        sign_in_url=sign_in,
        theme=choices.THEME.current,
        language=reader().language,
        direction=reader().direction,
    )


def sign_in_shell(state: AppState) -> Shell:
    """The frame of the sign-in page: its script is short, where the frame is ours and needs no more of it."""
    script = "sign_in.js" if state.settings.base_template == LAYOUT else SCRIPT
    return empty_shell(state, sign_in=sign_in_url(state), script=script)


def look_of(state: AppState, frame: str, script: str = SCRIPT, stylesheet: str = STYLE) -> Look:
    """What the host set of the frame, in the template `frame`."""
    settings, theme = state.settings, state.theme
    style = stylesheet if frame == LAYOUT else EMBEDDED[stylesheet]
    ours = [style] if theme_asset(theme) is None else [style, THEME]
    return Look(
        brand=theme.brand or settings.app_name,
        icons=asset_url(state, "icons.svg"),
        stylesheets=(*(asset_url(state, name) for name in ours), *map(host_address, settings.stylesheets)),
        scripts=(asset_url(state, script), *map(host_address, settings.scripts)),
        logo=host_address(theme.logo) if theme.logo else "",
        banner=settings.banner,
        density=choices.DENSITY.current_or(theme.density),
    )


def host_address(name: str) -> str:
    """An address as it is, or that of a file of the host's `static` folder."""
    return name if is_address(name) else url_for("static", filename=name)


def shell_so_far(state: AppState) -> Shell:
    """The frame of an error page: whole where the person is known already, else the bare one."""
    return shell_of(state) if request_state(state).principal is not None else empty_shell(state)


def this_address() -> str:
    """The address that was asked for, with its query and without the host, which anybody may forge."""
    return (request.script_root + request.full_path).rstrip("?")


def asset_url(state: AppState, name: str) -> str:
    """Address of a static file of ours; it changes whenever the file does, so it may be kept for ever."""
    found = theme_asset(state.theme) if name == THEME else asset(name)
    if found is None:
        raise LookupError(f"There is no asset {name!r}.")
    return address(state, f"{state.blueprint_name}.static", filename=name, v=found.digest)
