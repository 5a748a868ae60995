"""Deleting one record: the question, and what its answer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.text import gettext
from appbuilder_lite.web.aftermath import aftermath, objection, told
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.record_view import RecordView
from appbuilder_lite.web.routes import expose, has_access


class Deleting(RecordView):
    """The page that deletes a record."""

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> ResponseReturnValue:
        """Ask (GET), then delete (POST)."""
        policy = self.policy()
        item = self.resource.get_for("delete", pk, policy)
        if request.method != "POST":
            return self._ask(self.delete_question(item, pk), item)
        objected = objection(self, [item], request.form)
        if objected is not None:
            return self._ask(again(self.delete_question(item, pk), objected[0]), item), objected[1]
        page = self.delete_page(item, pk)
        outcome = self.resource.delete(item, policy)
        if not outcome.ok:
            for _, text in outcome.errors:
                flash(text, "danger")
            return redirect(page.cancel_url or self.url_for("list"))
        self._tell(outcome, "delete")
        return self.post_delete_redirect()

    def refusal_title(self, method: str) -> str:
        if method == "delete":
            return gettext("You cannot delete from %(title)s", title=self.view_title)
        return super().refusal_title(method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The question, about the same record."""
        if method != "delete":
            return super().show_again(method, values)
        pk = values.get("pk", "")
        item = self.resource.get_for("delete", pk, self.policy())
        return self._ask(replace(self.delete_question(item, pk), text=why_again()), item)

    def post_delete_redirect(self) -> ResponseReturnValue:
        """Where a delete leads."""
        return redirect(self._home_url())

    def delete_question(self, item: Any, pk: str) -> DeletePage:
        """The question before a delete, with what becomes of others; only why not, where one of them keeps it."""
        page = told(self.delete_page(item, pk), aftermath(self, [item]), 1)
        return replace(page, title=self._kept_title(item)) if page.is_kept else page

    def delete_page(self, item: Any, pk: str) -> DeletePage:
        """The question before a delete, about the record alone."""
        name = self.datamodel.name_of(item)
        return DeletePage(
            title=gettext("Delete “%(name)s”?", name=name),
            action_url=self.url_for("delete", pk=pk),
            cancel_url=self.record_url("show")(pk) or self._home_url(),
            submit_label=gettext("Delete %(noun)s", noun=self.options.noun),
            text=gettext("This cannot be undone."),
            crumbs=self._crumbs(name),
        )

    def _kept_title(self, item: Any) -> str:
        return gettext("“%(name)s” cannot be deleted", name=self.datamodel.name_of(item))

    def _ask(self, page: DeletePage, item: Any) -> str:
        return self.render_template(self.options.templates["delete"], page=page, item=item)


def again(page: DeletePage, why: str) -> DeletePage:
    """A question once more, with what was typed and why that does not do."""
    if page.must_type:
        return replace(page, typed=request.form.get("typed", ""), error=why)
    return replace(page, text=why)
