"""Deleting one record: the question, and what its answer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import NotFound
from appbuilder_lite.text import gettext, ngettext
from appbuilder_lite.web.aftermath import aftermath, objection, told
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.question_page import DeletePage, because
from appbuilder_lite.web.record_view import RecordView
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.seen import Seen, seen_of, sent_on


class Deleting(RecordView):
    """The page that deletes a record."""

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> ResponseReturnValue:
        """Ask (GET), then delete (POST)."""
        seen = seen_of(self)
        try:
            item = self.resource.get_for("delete", pk, seen.policy, seen.names)
        except NotFound as missing:
            if request.method != "POST" or not seen.is_sent:
                raise
            flash(str(missing), "warning")
            return self.post_delete_redirect()
        if request.method != "POST":
            return self._ask(seen.noted(self.delete_question(item, pk), [item]), item)
        if seen.changed([item]):
            return self._ask_anew(item, pk, seen)
        objected = objection(self, [item], request.form)
        if objected is not None:
            page = seen.noted(again(self.delete_question(item, pk), objected[0]), [item])
            return self._ask(page, item), objected[1]
        page = self.delete_page(item, pk)
        outcome = self.resource.delete(item, seen.policy)
        if outcome.is_late and seen.is_another(item):
            return self._ask_anew(item, pk, seen)
        if not outcome.ok:
            for _, text in outcome.errors:
                flash(text, "danger")
            return redirect(self._home_url() if outcome.is_late else page.cancel_url)
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
        return self._ask(sent_on(because(self.delete_question(item, pk), why_again())), item)

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
            text=self.way_back_words(1),
            crumbs=self._crumbs(name),
            danger=not self.deletes_softly,
        )

    @property
    def deletes_softly(self) -> bool:
        """Whether what is deleted can come back from the trash."""
        return self.options.soft_delete is not None

    def way_back_words(self, count: int) -> str:
        """What the question says of the way back for so many records."""
        if not self.deletes_softly:
            return gettext("This cannot be undone.")
        return ngettext(
            "It goes to the trash, from which it can be restored.",
            "They go to the trash, from which they can be restored.",
            count,
        )

    def _ask_anew(self, item: Any, pk: str, seen: Seen) -> ResponseReturnValue:
        """The question about a record that somebody else has changed since it was asked (409)."""
        page = seen.asked_again(self.delete_question(item, pk), [item], [item], gettext("Nothing was deleted."))
        return self._ask(page, item), 409

    def _kept_title(self, item: Any) -> str:
        return gettext("“%(name)s” cannot be deleted", name=self.datamodel.name_of(item))

    def _ask(self, page: DeletePage, item: Any) -> str:
        return self.render_template(self.options.templates["delete"], page=page, item=item)


def again(page: DeletePage, why: str) -> DeletePage:
    """A question once more, with what was typed and why that does not do."""
    if page.must_type:
        return replace(page, typed=request.form.get("typed", ""), error=why)
    return because(page, why)
