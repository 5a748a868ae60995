"""What a reader chooses about the pages, kept in a cookie each: theme, navigation, shortcuts, density."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, request

from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext

_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its name in forms, and what may be chosen, the default first."""

    name: str
    values: tuple[str, ...]

    @property
    def cookie(self) -> str:
        """Name of the cookie."""
        return f"ab_{self.name}"

    @property
    def current(self) -> str:
        """What the reader of this request chose."""
        return self.current_or(self.values[0])

    def current_or(self, default: str) -> str:
        """What the reader of this request chose; `default` where they chose nothing."""
        value = request.cookies.get(self.cookie, "")
        return value if value in self.values else default

    def sent(self) -> str:
        """What this request's form chooses; raises `InvalidInput`."""
        value = request.form.get(self.name, "")
        if value not in self.values:
            raise InvalidInput(self.name, gettext("choose one of %(values)s", values=", ".join(self.values)))
        return value

    def keep(self, response: Response, value: str) -> None:
        """Have the browser remember a value, wherever the app's own session cookie goes."""
        cookies = current_app.session_interface
        response.set_cookie(
            self.cookie,
            value,
            max_age=_SECONDS,
            path=cookies.get_cookie_path(current_app),
            secure=cookies.get_cookie_secure(current_app),
            httponly=True,
            samesite="Lax",
        )


THEME = Choice("theme", ("system", "light", "dark"))
NAV = Choice("nav", ("wide", "rail"))
"""The navigation with its words, or a rail of icons."""
SHORTCUTS = Choice("shortcuts", ("on", "off"))
"""Whether single keys do something (WCAG 2.1.4)."""
DENSITY = Choice("density", ("comfortable", "compact"))
"""The height of the rows of lists; where the reader chose nothing, the host's theme says it."""
