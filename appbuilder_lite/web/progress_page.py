"""How far something has come that takes long: values for its template."""

from __future__ import annotations

from dataclasses import dataclass

from appbuilder_lite.web.pages import Crumb


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """So many records of `total` are `met`, which `text` says; its form sends `hidden` to go on.

    `kept` are sentences about records that were left as they are, `failure` is why it went no further. With `is_over`
    there is nothing left to do but to go back to `list_url`.
    """

    title: str
    text: str
    met: int
    total: int
    action_url: str
    list_url: str
    list_label: str
    hidden: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    failure: str = ""
    is_over: bool = False
    crumbs: tuple[Crumb, ...] = ()
