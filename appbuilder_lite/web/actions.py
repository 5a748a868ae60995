"""A view's actions: run on POST only, on records within the person's scope only, asked about first where due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import Forbidden, InvalidInput, NotFound, Problem, Rejected, WriteFailed
from appbuilder_lite.resource.acting import Acted, Kept, act_on_each
from appbuilder_lite.resource.forms import form_meta
from appbuilder_lite.resource.together import find
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.action_checks import check_actions
from appbuilder_lite.web.action_form import form_sent_on, put_error, with_form
from appbuilder_lite.web.all_matching import ALL, RUN, Job, Matching, is_about_all, resumed, signed, started, taken
from appbuilder_lite.web.cells import EXAMPLE_KEY, RecordUrl
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.form_page import posted_form
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.keeping import tell_of_kept, words_of_missing
from appbuilder_lite.web.pages import ActionButton
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.routes import Action, expose, signed_in
from appbuilder_lite.web.runs import Run
from appbuilder_lite.web.seen import ChangedSince, Seen, seen_of, sent_on
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView

MOST_RECORDS = 1000
CONFIRM_TEMPLATE = "appbuilder_lite/delete.html"


class ActionRoutes(BaseView):
    """The routes behind the action buttons of a view of records."""

    datamodel: Any
    options: Any
    resource: Any

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve this instance for one app; returns every problem."""
        return [*super().bind(state), *check_actions(type(self))]

    @expose("/action_post", methods=["POST"])
    @signed_in
    def action_post(self) -> ResponseReturnValue:
        """Run an action on the ticked records (form fields `action` and `rowid`), or on all that match."""
        found = self._demand(request.form.get("action", ""))
        if not found.multiple:
            raise InvalidInput("action", gettext("“%(name)s” works on one record only", name=found.text))
        if is_about_all(request.form):
            return self._act_on_all(found)
        keys = self.ticked_keys()
        if not keys:
            return self.none_ticked()
        return self._asked_or_run(found, keys, is_single=False)

    @expose("/action/<name>/<pk>", methods=["POST"])
    @signed_in
    def action(self, name: str, pk: str) -> ResponseReturnValue:
        """Run an action on one record."""
        found = self._demand(name)
        if not found.single:
            raise InvalidInput("action", gettext("“%(name)s” works on ticked records only", name=found.text))
        return self._asked_or_run(found, [pk], is_single=True)

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

    def offered_actions(self, pk: str | None = None, item: Any = None) -> tuple[ActionButton, ...]:
        """The buttons that the current person may press: for ticked records, or for the one record of a key.

        With the `item` itself they are those that are for it.
        """
        if ("action_post" if pk is None else "action") not in self.routes:
            return ()
        return tuple(
            ActionButton(
                found.name,
                found.text,
                symbol(found.icon or "") or "",
                (found.confirmation or found.text) if found.asks else "",
                found.danger,
                "" if pk is None else self.url_for("action", name=found.name, pk=pk),
            )
            for found in sorted(self.actions.values(), key=lambda found: found.danger)
            if (found.multiple if pk is None else found.single)
            and self.can(found.name)
            and (item is None or self._is_for(found, item))
        )

    def row_actions(self, items: Sequence[Any] = ()) -> tuple[tuple[ActionButton, RecordUrl], ...]:
        """The buttons for one record, each with its address for a key: what the menu of a row offers.

        The address leads to none of these `items` that the action is not for.
        """
        buttons = ((button, RecordUrl.of_example(button.url)) for button in self.offered_actions(EXAMPLE_KEY))
        return tuple((button, url.without(self._refused(button, items))) for button, url in buttons)

    @property
    def judges_rows(self) -> bool:
        """Whether a list has to read its records, as the current person may do something to some of them alone."""
        found = (one for one in self.actions.values() if one.condition is not None and one.single)
        return "action" in self.routes and any(self.can(one.name) for one in found)

    def offers_all(self) -> bool:
        """Whether the current person may do something to all records that a list finds."""
        found = (one for one in self.actions.values() if one.all_matching and one.multiple)
        return "action_post" in self.routes and any(self.can(one.name) for one in found)

    def action_url(self) -> str:
        """Where the buttons for ticked records send their form; empty where there are none."""
        return self.url_for("action_post") if self.actions and "action_post" in self.routes else ""

    def refusal_title(self, method: str) -> str:
        return gettext("You cannot do this") if method in ("action", "action_post") else super().refusal_title(method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The question whether to run the action, on the same records."""
        if method not in ("action", "action_post") or is_about_all(request.form):
            return super().show_again(method, values)
        found = self._demand(values.get("name") or request.form.get("action", ""))
        keys = [values["pk"]] if "pk" in values else list(dict.fromkeys(request.form.getlist("rowid")))
        page = with_form(self._question(found, keys), self._form(found))
        page = sent_on(replace(page, submit_label=gettext("Send again"), text=why_again()))
        return self.render_template(CONFIRM_TEMPLATE, page=page)

    def _demand(self, name: str) -> Action:
        found = self.actions.get(name)
        if found is None:
            raise NotFound(gettext("There is no such action here"))
        if not self.can(name):
            abort(403)
        return found

    def _is_for(self, found: Action, item: Any) -> bool:
        test = found.condition
        return test is None or bool((getattr(self, test) if isinstance(test, str) else test)(item))

    def _refused(self, button: ActionButton, items: Sequence[Any]) -> frozenset[str]:
        found = self.actions[button.name]
        return frozenset(self.datamodel.encode_key(item) for item in items if not self._is_for(found, item))

    def _fitting(self, found: Action, items: Sequence[Any]) -> tuple[Sequence[Any], Kept]:
        """The records that the action is for, and the others with the reason."""
        fitting: list[Any] = []
        others: list[Any] = []
        for item in items:
            (fitting if self._is_for(found, item) else others).append(item)
        why = gettext("“%(action)s” is not for it", action=found.text)
        return fitting, tuple((self.datamodel.name_of(item), why) for item in others)

    def _form(self, found: Action) -> Any:
        """The action's form as it was sent, empty before that; None where it has none."""
        if found.form is None:
            return None
        # The guard has checked the token; a FlaskForm would ask for another.
        return found.form(posted_form(found.form) if "confirmed" in request.form else None, meta=form_meta())

    def _asked_or_run(self, found: Action, keys: Sequence[str], *, is_single: bool) -> ResponseReturnValue:
        """The question, where the action has one and it has not been answered yet; else what becomes of the records."""
        form, is_answer = self._form(found), not found.asks or bool(request.form.get("confirmed"))
        if is_answer and form is not None and not form.validate():
            return self._first_ask(sent_on(self._question(found, keys)), form), 422
        seen = seen_of(self)
        records = self._left_of_ticked(keys, seen) if is_answer and found.each and not is_single else self.records(keys)
        items, kept = self._ready(found, records, is_single=is_single)
        if not is_answer:
            return self._first_ask(seen.noted(self._question(found, keys), records), form)
        again = partial(self._question, found, keys)
        return self._run(found, items, kept, form, again, seen=seen, is_single=is_single)

    def _left_of_ticked(self, keys: Sequence[str], seen: Seen) -> Sequence[Any]:
        """The records of an answer; those that are gone since the question hold up no other, and are told of."""
        there = find(self.resource, keys, seen.own) if seen.is_sent else {}
        if not there:
            return self.records(keys)
        if len(there) < len(keys):
            flash(words_of_missing(len(keys) - len(there)), "warning")
        return list(there.values())

    def _ready(self, found: Action, records: Sequence[Any], *, is_single: bool) -> tuple[Sequence[Any], Kept]:
        """Those of these records that the action is for, and the others; raises `Forbidden` for a single one."""
        items, kept = self._fitting(found, records)
        if is_single and kept:
            name, why = kept[0]
            raise Forbidden(gettext("%(name)s: %(reason)s", name=name, reason=why))
        return items, kept

    def _first_ask(self, page: DeletePage, form: Any) -> str:
        return self.render_template(CONFIRM_TEMPLATE, page=with_form(page, form), form=form)

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

    def _run(
        self,
        found: Action,
        items: Sequence[Any],
        kept: Kept,
        form: Any,
        question: Callable[[], DeletePage],
        *,
        seen: Seen,
        is_single: bool,
    ) -> ResponseReturnValue:
        result, acted = None, Acted()
        try:
            if is_single or not found.multiple:
                with self.datamodel.attempt():
                    seen.hold_all(items[:1])
                    result = self._call(found, items[0], form)
            elif found.each:
                acted = act_on_each(self.datamodel, items, lambda item: self._call(found, item, form), seen.refused)
            elif items:
                with self.datamodel.attempt():
                    seen.hold_all(items)
                    result = self._call(found, items, form)
        except ChangedSince as error:
            page = seen.asked_again(question(), items, error.items, gettext("Nothing was done."))
            return self._first_ask(page, form), 409
        except (Rejected, WriteFailed) as error:
            if form is not None:
                put_error(form, error)
                return self._first_ask(sent_on(question()), form), 422
            flash(error.message, "danger")
            return redirect(self.get_redirect())
        if acted.done:
            flash(_done(found, acted.done), "success")
        tell_of_kept((*acted.kept, *kept), len(acted.kept) + len(kept))
        return redirect(self.get_redirect()) if result is None else result

    def _call(self, found: Action, given: Any, form: Any) -> ResponseReturnValue | None:
        method = getattr(self, found.method)
        result: ResponseReturnValue | None = method(given) if form is None else method(given, form)
        return result

    def _act_on_all(self, found: Action) -> ResponseReturnValue:
        """The question about all that match; with its answer, a batch of them."""
        if not found.all_matching:
            flash(gettext("“%(name)s” works on ticked records only", name=found.text), "warning")
            return redirect(self.get_redirect())
        form, is_answered = self._form(found), RUN in request.form
        run, matching = resumed(self, found.name) if is_answered else started(self, found.name, request.form[ALL])
        if not run.total:
            return self.none_ticked()
        if not is_answered:
            return self._first_ask(self._question_of_all(found, run, matching), form)
        if form is not None and not form.validate():
            return self._first_ask(self._question_of_all(found, run, matching), form), 422
        now = matching.counted_anew(run) if run.step == 0 else run
        if now.total > run.total:
            page, why = self._question_of_all(found, now, matching), gettext("Meanwhile there are more of them.")
            text = f"{why} {gettext('Nothing was done.')} {page.text}"
            return self._first_ask(replace(page, text=text), form), 409
        work, words = partial(self._act_on_batch, found, form), partial(_done, found)
        hidden = (("action", found.name), ("confirmed", "1"), *form_sent_on(form))
        return taken(Job(self, found.name, found.text, self.action_url(), work, words, hidden), run, matching)

    def _question_of_all(self, found: Action, run: Run, matching: Matching) -> DeletePage:
        """What is asked before an action on all that match: how many they are, and by which filters."""
        left_out = gettext("Those that it is not for are left out.") if found.condition is not None else ""
        texts = [found.confirmation, left_out, matching.words(run.total)]
        return replace(
            self._question(found, ()),
            cancel_url=matching.list_url,
            text=" ".join(filter(None, texts)),
            names=matching.filters(),
            hidden=(("action", found.name), ("confirmed", "1"), signed(self, run)),
        )

    def _act_on_batch(self, found: Action, form: Any, items: Sequence[Any]) -> Acted:
        fitting, kept = self._fitting(found, items)
        try:
            if found.each:
                acted = act_on_each(self.datamodel, fitting, lambda item: self._call(found, item, form))
                return Acted(acted.done, (*acted.kept, *kept))
            if fitting:
                with self.datamodel.attempt():
                    self._call(found, fitting, form)
        except (Rejected, WriteFailed) as error:
            return Acted(failure=error.message)
        return Acted(len(fitting), kept)


def _done(found: Action, count: int) -> str:
    return ngettext("%(action)s: %(num)s record", "%(action)s: %(num)s records", count, action=found.text)
