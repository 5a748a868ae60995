"""Deleting the ticked records of a list: the question, and what is told of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.resource.acting import Acted
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.resource.together import Deletion, delete_together, doomed, find
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.actions import CONFIRM_TEMPLATE
from appbuilder_lite.web.aftermath import HINDERS, aftermath, objection, told
from appbuilder_lite.web.all_matching import (
    ALL,
    BATCH,
    RUN,
    Job,
    Matching,
    is_about_all,
    resumed,
    signed,
    started,
    taken,
)
from appbuilder_lite.web.deleting import Deleting, again
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.keeping import tell_of_kept, words_of_missing
from appbuilder_lite.web.question_page import DeletePage, TouchedGroup, because
from appbuilder_lite.web.returning import FIELD, asked_of_list
from appbuilder_lite.web.routes import Route, actions_of, expose, part_of
from appbuilder_lite.web.runs import Run
from appbuilder_lite.web.seen import Seen, reason, seen_of, sent_on

MOST_NAMED = 10
"""So many records are called by their names, in the question and in what is told afterwards."""
MOST_UNTYPED = 50
"""Of more records their number has to be typed."""
FAB_ACTION = "muldelete"
"""The action by which views of Flask-AppBuilder's documentation delete ticked rows themselves."""


class BulkDelete(Deleting):
    """The button below a list that deletes the ticked records.

    It is there for whoever may delete single records, unless the view has a `delete` of its own: then nobody knows
    here what deleting means.
    """

    delete_run = "delete"
    """What a run is called that deletes all that match."""

    @expose("/delete_selected", methods=["POST"])
    @part_of("delete")
    def delete_selected(self) -> ResponseReturnValue:
        """Ask about the ticked records (form fields `rowid`), then delete each of them that can go (`confirmed`)."""
        if is_about_all(request.form):
            return self._delete_all()
        keys, seen = self.ticked_keys(), seen_of(self)
        if not keys:
            return self.none_ticked()
        is_confirmed = bool(request.form.get("confirmed"))
        items = (doomed if is_confirmed else find)(self.resource, keys, seen.policy)
        if not items:
            self._tell_of(Deletion(missing=len(keys)))
            return redirect(self._list_as_it_was())
        if not is_confirmed:
            return self._ask_about(keys, items, seen)
        if len(keys) == 1 and seen.changed(items.values()):
            return self._ask_once_more(keys, items, seen)
        objected = self._objection(items)
        if objected is not None:
            page = again(self._bulk_question(keys, items), objected[0])
            page = sent_on(page) if seen.is_sent else seen.noted(page, list(items.values()))
            return self.render_template(CONFIRM_TEMPLATE, page=page), objected[1]
        done = self._delete_unchanged(items, seen)
        self._tell_of(replace(done, missing=done.missing + len(keys) - len(items)))
        is_own = type(self).post_delete_redirect is not Deleting.post_delete_redirect
        return self.post_delete_redirect() if done.deleted and is_own else redirect(self._list_as_it_was())

    def _delete_unchanged(self, items: Mapping[str, Any], seen: Seen) -> Deletion:
        """Delete records but for those that have changed since they were asked about."""
        changed = {id(item) for item in seen.changed(items.values())}
        rest = {key: item for key, item in items.items() if id(item) not in changed}
        kept = tuple((self.datamodel.name_of(item), reason()) for item in items.values() if id(item) in changed)
        done = delete_together(self.resource, rest, seen.policy) if rest else Deletion()
        return replace(done, kept=(*kept, *done.kept))

    def _list_as_it_was(self) -> str:
        """The list that the rows were ticked in, with its search, filters, order and page."""
        asked = dict(self._asked_of_list())
        return "?".join([self._home_url(), *asked.values()])

    def _asked_of_list(self) -> tuple[tuple[str, str], ...]:
        if not self.can_open("list"):
            return ()
        asked = asked_of_list(self.url_for("list"), beside=self.lists_beside())
        return ((FIELD, asked),) if asked else ()

    def lists_beside(self) -> tuple[str, ...]:
        """The beginnings of the addresses, up to a record's key, at which the list stands beside something else."""
        with_key = any("<pk>" in rule.rule for rule in self.routes["list"].rules)
        return (self.url_for("list"),) if with_key else ()

    def offers_all(self) -> bool:
        """Whether the current person may do something to all records that a list finds."""
        return bool(self.bulk_delete_url()) or super().offers_all()

    def _delete_all(self) -> ResponseReturnValue:
        """The question about all that match; with its answer, a batch of them."""
        what, is_answered = self.delete_run, RUN in request.form
        run, matching = resumed(self, what) if is_answered else started(self, what, request.form[ALL])
        is_first = is_answered and run.step == 0
        now = matching.counted_anew(run) if is_first else run
        if not now.total:
            return self.none_ticked()
        if not is_answered:
            return self.render_template(CONFIRM_TEMPLATE, page=self._delete_question_of_all(run, matching))
        objected = self._objection_to_all(run, now, matching) if is_first else None
        if objected is not None:
            page = again(self._delete_question_of_all(now, matching), objected[0])
            return self.render_template(CONFIRM_TEMPLATE, page=page), objected[1]
        title = gettext("Delete from %(title)s", title=self.view_title)
        url = self.url_for("delete_selected")
        return taken(Job(self, what, title, url, self._delete_batch, words_of_deleted), run, matching)

    def _delete_question_of_all(self, run: Run, matching: Matching) -> DeletePage:
        """The question with what becomes of others, where one batch has them all."""
        title = ngettext("Delete %(num)s record?", "Delete %(num)s records?", run.total)
        page = DeletePage(
            title=title,
            action_url=self.url_for("delete_selected"),
            cancel_url=matching.list_url,
            submit_label=ngettext("Delete %(num)s record", "Delete %(num)s records", run.total),
            text=f"{self.way_back_words(run.total)} {matching.words(run.total)}",
            crumbs=self._crumbs(title),
            danger=not self.deletes_softly,
            hidden=(signed(self, run),),
            names=matching.filters(),
            must_type=str(run.total) if run.total > MOST_UNTYPED else "",
        )
        if run.total <= BATCH:
            items = matching.items(run)
            return told(page, aftermath(self, items), max(2, len(items)))
        if self.deletes_softly:
            return page
        unknown = gettext("What becomes of other records is not looked up for so many.")
        return replace(page, touched=(TouchedGroup(HINDERS, unknown, ()),))

    def _objection_to_all(self, asked: Run, now: Run, matching: Matching) -> tuple[str, int] | None:
        """Why the answer does not do; None where it does. More than were asked about are not deleted."""
        if now.total > asked.total:
            return gettext("Meanwhile there are more of them: nothing was deleted."), 409
        must_type = str(asked.total) if asked.total > MOST_UNTYPED else ""
        if asked.total <= BATCH:
            return objection(self, matching.items(asked), request.form, must_type)
        if request.form.get("typed", "").strip() == must_type:
            return None
        return gettext("This is not their number: nothing was deleted."), 422

    def _delete_batch(self, items: Sequence[Any]) -> Acted:
        policy, keys = self.policy(), [self.datamodel.encode_key(item) for item in items]
        done = delete_together(self.resource, doomed(self.resource, keys, policy), policy)
        for text in done.notices[:MOST_NAMED]:
            flash(text, "warning")
        return Acted(len(done.deleted), done.kept)

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
            text=self.way_back_words(count),
            crumbs=self._crumbs(title),
            danger=not self.deletes_softly,
            hidden=(("confirmed", "1"), *self._asked_of_list(), *(("rowid", key) for key in keys)),
            names=tuple(names[:MOST_NAMED]),
            more=gettext("and %(num)s more", num=reader().count(count - MOST_NAMED)) if count > MOST_NAMED else "",
            must_type=str(count) if count > MOST_UNTYPED else "",
        )
        if count > 1:
            return page
        of_one = self.delete_page(*items.values(), *items)
        return replace(page, title=of_one.title, submit_label=of_one.submit_label, crumbs=of_one.crumbs, names=())

    def _ask_about(self, keys: Sequence[str], items: Mapping[str, Any], seen: Seen) -> str:
        page = seen.noted(self._bulk_question(keys, items), list(items.values()))
        return self.render_template(CONFIRM_TEMPLATE, page=page)

    def _ask_once_more(self, keys: Sequence[str], items: Mapping[str, Any], seen: Seen) -> ResponseReturnValue:
        """The question about the only record that was ticked, which somebody else has changed (409)."""
        records = list(items.values())
        nothing = gettext("Nothing was deleted.")
        page = seen.asked_again(self._bulk_question(keys, items), records, records, nothing)
        return self.render_template(CONFIRM_TEMPLATE, page=page), 409

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
        if method != "delete_selected" or is_about_all(request.form):
            return super().show_again(method, values)
        keys = self.ticked_keys()
        items = find(self.resource, keys, self.policy())
        if not items:
            return self.none_ticked()
        page = sent_on(because(self._bulk_question(keys, items), why_again()))
        return self.render_template(CONFIRM_TEMPLATE, page=page)

    def _tell_of(self, done: Deletion) -> None:
        if len(done.deleted) == 1:
            self._tell(Outcome(True, None, done.keys[0], done.deleted[0]), "delete")
        elif done.deleted:
            flash(words_of_deleted(len(done.deleted)), "success")
        tell_of_kept(done.kept, len(done.kept))
        if done.missing:
            flash(words_of_missing(done.missing), "warning")
        for text in done.notices[:MOST_NAMED]:
            flash(text, "warning")


def words_of_deleted(count: int) -> str:
    return ngettext("Deleted %(num)s record", "Deleted %(num)s records", count)
