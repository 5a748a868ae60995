"""A view's actions: run on POST only, on records within the person's scope only, asked about first where due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import InvalidInput, NotFound, Rejected, WriteFailed
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.cells import EXAMPLE_KEY, RecordUrl
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.pages import ActionButton
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.routes import Action, expose, signed_in
from appbuilder_lite.web.view import BaseView

MOST_RECORDS = 1000
CONFIRM_TEMPLATE = "appbuilder_lite/delete.html"


class ActionRoutes(BaseView):
    """The routes behind the action buttons of a view of records."""

    datamodel: Any

    @expose("/action_post", methods=["POST"])
    @signed_in
    def action_post(self) -> ResponseReturnValue:
        """Run an action on the ticked records (form fields `action` and `rowid`)."""
        found = self._demand(request.form.get("action", ""))
        if not found.multiple:
            raise InvalidInput("action", gettext("“%(name)s” works on one record only", name=found.text))
        keys = self.ticked_keys()
        if not keys:
            return self.none_ticked()
        return self._confirmed(found, keys) or self._run(found, self.records(keys), is_single=False)

    @expose("/action/<name>/<pk>", methods=["POST"])
    @signed_in
    def action(self, name: str, pk: str) -> ResponseReturnValue:
        """Run an action on one record."""
        found = self._demand(name)
        if not found.single:
            raise InvalidInput("action", gettext("“%(name)s” works on ticked records only", name=found.text))
        return self._confirmed(found, [pk]) or self._run(found, self.records([pk]), is_single=True)

    def ticked_keys(self) -> Sequence[str]:
        """The keys of the ticked rows, each once; raises `InvalidInput` for more than are taken at a time."""
        keys = list(dict.fromkeys(request.form.getlist("rowid")))
        if len(keys) > MOST_RECORDS:
            raise InvalidInput("rowid", gettext("at most %(num)s records at a time", num=reader().count(MOST_RECORDS)))
        return keys

    def none_ticked(self) -> ResponseReturnValue:
        """Back to the list, where no row was ticked."""
        flash(gettext("No row is selected."), "warning")
        return redirect(self.get_redirect())

    def records(self, keys: Sequence[str]) -> Sequence[Any]:
        """The records of these keys, within the current person's scope; raises `NotFound` if one is missing."""
        raise NotImplementedError

    def offered_actions(self, pk: str | None = None) -> tuple[ActionButton, ...]:
        """The buttons that the current person may press: for ticked records, or for the one record of a key."""
        if ("action_post" if pk is None else "action") not in self.routes:
            return ()
        return tuple(
            ActionButton(
                item.name,
                item.text,
                symbol(item.icon or "") or "",
                item.confirmation or "",
                item.danger,
                "" if pk is None else self.url_for("action", name=item.name, pk=pk),
            )
            for item in sorted(self.actions.values(), key=lambda item: item.danger)
            if (item.multiple if pk is None else item.single) and self.can(item.name)
        )

    def row_actions(self) -> tuple[tuple[ActionButton, RecordUrl], ...]:
        """The buttons for one record, each with its address for a key: what the menu of a row offers."""
        return tuple((button, RecordUrl.of_example(button.url)) for button in self.offered_actions(EXAMPLE_KEY))

    def action_url(self) -> str:
        """Where the buttons for ticked records send their form; empty where there are none."""
        return self.url_for("action_post") if self.actions and "action_post" in self.routes else ""

    def refusal_title(self, method: str) -> str:
        return gettext("You cannot do this") if method in ("action", "action_post") else super().refusal_title(method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The question whether to run the action, on the same records."""
        if method not in ("action", "action_post"):
            return super().show_again(method, values)
        found = self._demand(values.get("name") or request.form.get("action", ""))
        keys = [values["pk"]] if "pk" in values else list(dict.fromkeys(request.form.getlist("rowid")))
        page = replace(self._question(found, keys), submit_label=gettext("Send again"), text=why_again())
        return self.render_template(CONFIRM_TEMPLATE, page=page)

    def _demand(self, name: str) -> Action:
        found = self.actions.get(name)
        if found is None:
            raise NotFound(gettext("There is no such action here"))
        if not self.can(name):
            abort(403)
        return found

    def _confirmed(self, found: Action, keys: Sequence[str]) -> ResponseReturnValue | None:
        """The question, where the action wants one and it has not been answered yet."""
        if not found.confirmation or request.form.get("confirmed"):
            return None
        return self.render_template(CONFIRM_TEMPLATE, page=self._question(found, keys))

    def _question(self, found: Action, keys: Sequence[str]) -> DeletePage:
        """What is asked before an action; its answer counts as a confirmation."""
        hidden = [("action", found.name), ("confirmed", "1"), *(("rowid", key) for key in keys)]
        count = ngettext("%(num)s record", "%(num)s records", len(keys))
        return DeletePage(
            title=found.text,
            action_url=request.script_root + request.path,
            cancel_url=self.get_redirect(),
            submit_label=found.text,
            text=f"{found.confirmation} {count}" if found.confirmation else count,
            hidden=tuple(hidden),
            danger=found.danger,
        )

    def _run(self, found: Action, items: Sequence[Any], *, is_single: bool) -> ResponseReturnValue:
        method = getattr(self, found.method)
        try:
            with self.datamodel.attempt():
                result = method(items[0] if is_single or not found.multiple else items)
        except (Rejected, WriteFailed) as error:
            flash(error.message, "danger")
            return redirect(self.get_redirect())
        return redirect(self.get_redirect()) if result is None else result
