"""Deleting the ticked records of a list: the question, and what is told of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.resource.together import Deletion, delete_together, doomed, find
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.actions import CONFIRM_TEMPLATE
from appbuilder_lite.web.aftermath import aftermath, objection, told
from appbuilder_lite.web.deleting import Deleting, again
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.returning import FIELD, asked_of_list
from appbuilder_lite.web.routes import Route, actions_of, expose, part_of

MOST_NAMED = 10
"""So many records are called by their names, in the question and in what is told afterwards."""
MOST_UNTYPED = 50
"""Of more records their number has to be typed."""
FAB_ACTION = "muldelete"
"""The action by which views of Flask-AppBuilder's documentation delete ticked rows themselves."""
# Messages wait in the session, a cookie of 4 KB.
_NAME_LETTERS, _REASON_LETTERS = 60, 140


class BulkDelete(Deleting):
    """The button below a list that deletes the ticked records.

    It is there for whoever may delete single records, unless the view has a `delete` of its own: then nobody knows
    here what deleting means.
    """

    @expose("/delete_selected", methods=["POST"])
    @part_of("delete")
    def delete_selected(self) -> ResponseReturnValue:
        """Ask about the ticked records (form fields `rowid`), then delete each of them that can go (`confirmed`)."""
        keys, policy = self.ticked_keys(), self.policy()
        if not keys:
            return self.none_ticked()
        is_confirmed = bool(request.form.get("confirmed"))
        items = (doomed if is_confirmed else find)(self.resource, keys, policy)
        if not items:
            self._tell_of(Deletion(missing=len(keys)))
            return redirect(self._list_as_it_was())
        if not is_confirmed:
            return self._ask_about(keys, items)
        objected = self._objection(items)
        if objected is not None:
            page = again(self._bulk_question(keys, items), objected[0])
            return self.render_template(CONFIRM_TEMPLATE, page=page), objected[1]
        done = delete_together(self.resource, items, policy)
        self._tell_of(replace(done, missing=done.missing + len(keys) - len(items)))
        is_own = type(self).post_delete_redirect is not Deleting.post_delete_redirect
        return self.post_delete_redirect() if done.deleted and is_own else redirect(self._list_as_it_was())

    def _list_as_it_was(self) -> str:
        """The list that the rows were ticked in, with its search, filters, order and page."""
        asked = dict(self._asked_of_list())
        return "?".join([self._home_url(), *asked.values()])

    def _asked_of_list(self) -> tuple[tuple[str, str], ...]:
        asked = asked_of_list(self.url_for("list")) if self.can_open("list") else ""
        return ((FIELD, asked),) if asked else ()

    def bulk_delete_url(self) -> str:
        """Where the ticked rows are sent to be deleted; empty where the current person may not."""
        return self.url_for("delete_selected") if self.can_open("delete_selected") else ""

    def bulk_delete_page(self, keys: Sequence[str], items: Mapping[str, Any]) -> DeletePage:
        """The question before several records are deleted; of one it is the same as on that one's page."""
        count, names = len(items), [self.datamodel.name_of(item) for item in items.values()]
        title = ngettext("Delete %(num)s record?", "Delete %(num)s records?", count)
        label = ngettext("Delete %(num)s record", "Delete %(num)s records", count)
        page = DeletePage(
            title=title,
            action_url=self.url_for("delete_selected"),
            cancel_url=self._list_as_it_was(),
            submit_label=label,
            text=gettext("This cannot be undone."),
            crumbs=self._crumbs(title),
            hidden=(("confirmed", "1"), *self._asked_of_list(), *(("rowid", key) for key in keys)),
            names=tuple(names[:MOST_NAMED]),
            more=gettext("and %(num)s more", num=reader().count(count - MOST_NAMED)) if count > MOST_NAMED else "",
            must_type=str(count) if count > MOST_UNTYPED else "",
        )
        if count > 1:
            return page
        of_one = self.delete_page(*items.values(), *items)
        return replace(page, title=of_one.title, submit_label=of_one.submit_label, crumbs=of_one.crumbs, names=())

    def _ask_about(self, keys: Sequence[str], items: Mapping[str, Any]) -> str:
        return self.render_template(CONFIRM_TEMPLATE, page=self._bulk_question(keys, items))

    def _bulk_question(self, keys: Sequence[str], items: Mapping[str, Any]) -> DeletePage:
        """The question with what becomes of others, in sum."""
        records = list(items.values())
        page = told(self.bulk_delete_page(keys, items), aftermath(self, records), len(records))
        return replace(page, title=self._kept_title(records[0])) if page.is_kept else page

    def _objection(self, items: Mapping[str, Any]) -> tuple[str, int] | None:
        """Why the answer does not do: the number of others, or that of the records alone where these are many."""
        count = len(items)
        return objection(self, list(items.values()), request.form, str(count) if count > MOST_UNTYPED else "")

    def offered_routes(self, found: Mapping[str, Route]) -> Mapping[str, Route]:
        """Where deleting is the view's own, so is deleting several."""
        found, cls = super().offered_routes(found), type(self)
        if cls.delete_selected is not BulkDelete.delete_selected:
            return found
        if cls.delete is Deleting.delete and FAB_ACTION not in actions_of(cls):
            return found
        return {name: route for name, route in found.items() if name != "delete_selected"}

    def refusal_title(self, method: str) -> str:
        return super().refusal_title("delete" if method == "delete_selected" else method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The question, about the same records."""
        if method != "delete_selected":
            return super().show_again(method, values)
        keys = self.ticked_keys()
        items = find(self.resource, keys, self.policy())
        if not items:
            return self.none_ticked()
        page = replace(self._bulk_question(keys, items), text=why_again())
        return self.render_template(CONFIRM_TEMPLATE, page=page)

    def _tell_of(self, done: Deletion) -> None:
        if len(done.deleted) == 1:
            self._tell(Outcome(True, None, name=done.deleted[0]), "delete")
        elif done.deleted:
            flash(ngettext("Deleted %(num)s record", "Deleted %(num)s records", len(done.deleted)), "success")
        for name, reason in done.kept[:MOST_NAMED]:
            flash(_kept(name, reason), "danger")
        further = len(done.kept) - MOST_NAMED
        if further > 0:
            flash(ngettext("%(num)s more was kept", "%(num)s more were kept", further), "danger")
        if done.missing:
            flash(_missing(done.missing), "warning")
        for text in done.notices[:MOST_NAMED]:
            flash(text, "warning")


def _kept(name: str, reason: str) -> str:
    name, reason = _short(name, _NAME_LETTERS), _short(reason, _REASON_LETTERS)
    return gettext("%(name)s was kept: %(reason)s", name=name, reason=reason)


def _missing(count: int) -> str:
    return ngettext("%(num)s record does not exist any more", "%(num)s records do not exist any more", count)


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
