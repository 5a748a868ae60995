"""Something done to all records that a list's search and filters find: a batch with each request, each committed.

What is sent says what the list was asked for, never which records it showed: each batch goes through the person's
scope, rights and filters again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.interface import Stretch, Walk
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource import params
from appbuilder_lite.resource.acting import Acted
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web import runs
from appbuilder_lite.web.keeping import tell_of_kept, words_of_further, words_of_kept
from appbuilder_lite.web.pages import Crumb
from appbuilder_lite.web.progress_page import ProgressPage
from appbuilder_lite.web.related import names_of, owners_of, within
from appbuilder_lite.web.runs import Run

ALL = "_all"
"""The form field that says it is about all rows; it has what the list was asked for."""
RUN, STOP = "_run", "_stop"
"""The form fields of a run's signed text, and of the button that ends it."""
BATCH = 500
PROGRESS_TEMPLATE = "appbuilder_lite/progress.html"
_LONGEST = 8000


def is_about_all(sent: Mapping[str, str]) -> bool:
    """Whether a form is about all records that match, and not about ticked ones."""
    return ALL in sent or RUN in sent


@dataclass(frozen=True, slots=True)
class Job:
    """What is done: under a name (`what`) on the pages of a view, by `work`, whose success `words` tell in numbers.

    `hidden` is what the pages send on beside the run.
    """

    view: Any
    what: str
    title: str
    url: str
    work: Callable[[Sequence[Any]], Acted]
    words: Callable[[int], str]
    hidden: tuple[tuple[str, str], ...] = ()


class Matching:
    """All records that a list shows the current person for what it was asked."""

    def __init__(self, view: Any, asked: str) -> None:
        if not view.can_open("list"):
            abort(403)
        self.view, self.asked = view, asked
        self.query = params.parse(_args(asked), view.options).from_start()
        policy = view.policy()
        self.owners = owners_of(view, self.query, policy)
        walk = view.resource.walk(self.query, policy, within(view, self.owners, self.query))
        if walk is None:
            raise InvalidInput(ALL, gettext("The records of this list can only be selected one by one."))
        self.walk: Walk = walk

    @property
    def list_url(self) -> str:
        """The list that it is about."""
        return str(self.view.url_for("list", **params.url_args(self.query, self.view.options)))

    def filters(self) -> tuple[str, ...]:
        """What narrows the list, in words."""
        found: tuple[str, ...] = self.view.list_pages.tools.narrowed_by(self.query, names_of(self.owners))
        return found

    def words(self, total: int) -> str:
        """How many records it is about."""
        if self.filters():
            return ngettext(
                "It is about %(num)s record, all that match:", "It is about %(num)s records, all that match:", total
            )
        return ngettext(
            "It is about %(num)s record, all of this list.", "It is about %(num)s records, all of this list.", total
        )

    def counted_anew(self, run: Run) -> Run:
        """The run with the number of rows that there are by now."""
        return replace(run, total=self.walk.count(run.end))

    def items(self, run: Run) -> Sequence[Any]:
        """The records of the run's next batch."""
        return self.stretch(run).items

    def stretch(self, run: Run) -> Stretch:
        """The run's next batch, of no more records than are left of those that were agreed to.

        A scope that takes the first so many has others in their place once these are gone.
        """
        left = run.total - run.met
        found = self.walk.stretch(run.after, run.end, min(BATCH, left))
        return found if left > BATCH else replace(found, has_more=False)


def started(view: Any, what: str, asked: str) -> tuple[Run, Matching]:
    """A run through all records of a list that nobody has agreed to yet; its `total` is 0 where there are none."""
    matching = Matching(view, asked)
    end = matching.walk.end()
    total = matching.walk.count() if end else 0
    return runs.begin(Run(view.view_name, what, asked, total, end)), matching


def resumed(view: Any, what: str) -> tuple[Run, Matching]:
    """The run that a page sends on; raises `InvalidInput` where it is not one of this person and view."""
    run = runs.read(view.state, view.principal, request.form[RUN], view=view.view_name, what=what)
    return run, Matching(view, run.asked)


def signed(view: Any, run: Run) -> tuple[str, str]:
    """The hidden field that a page sends a run on with."""
    return (RUN, runs.write(view.state, view.principal, run))


def taken(job: Job, run: Run, matching: Matching) -> ResponseReturnValue:
    """Take the run's next step, or end it, and say how far it has come."""
    if not runs.is_next(run):
        flash(gettext("This step was taken before, and is not taken again. Look at the list first."), "warning")
        return redirect(matching.list_url)
    # Whatever becomes of it, a step is taken once.
    runs.close(run)
    if STOP in request.form:
        return _stopped(job, run, matching)
    found = matching.stretch(run)
    acted = job.work(found.items)
    is_first, is_over = run.step == 0, bool(acted.failure) or not found.has_more
    run = run if acted.failure else run.past(acted, found.place)
    if is_first and is_over:
        return _told(job, run, matching, acted.failure)
    if not is_over:
        runs.expect(run)
    page = _page(job, run, matching, acted.failure, is_over=is_over)
    return str(job.view.render_template(PROGRESS_TEMPLATE, page=page))


def _args(asked: str) -> MultiDict[str, str]:
    try:
        if len(asked) > _LONGEST:
            raise ValueError("longer than an address")
        return MultiDict(parse_qsl(asked, keep_blank_values=True, max_num_fields=500))
    except ValueError as error:
        raise InvalidInput(ALL, gettext("This is no address of a list.")) from error


def _stopped(job: Job, run: Run, matching: Matching) -> ResponseReturnValue:
    met, total = map(reader().count, (run.met, run.total))
    flash(gettext("Stopped after %(met)s of %(total)s records", met=met, total=total), "warning")
    return _told(job, run, matching, "")


def _told(job: Job, run: Run, matching: Matching, failure: str) -> ResponseReturnValue:
    """Back to the list, which says what was done."""
    if failure:
        flash(failure, "danger")
    if run.done:
        flash(job.words(run.done), "success")
    tell_of_kept(run.told, run.kept)
    return redirect(matching.list_url)


def _page(job: Job, run: Run, matching: Matching, failure: str, *, is_over: bool) -> ProgressPage:
    met, total = map(reader().count, (run.met, run.total))
    further = run.kept - len(run.told)
    kept = (*(words_of_kept(*one) for one in run.told), *([words_of_further(further)] if further else []))
    title = job.view.options.list_title
    return ProgressPage(
        title=job.title,
        text=job.words(run.done) if is_over else gettext("%(met)s of %(total)s records", met=met, total=total),
        met=run.met,
        total=max(run.total, run.met),
        action_url=job.url,
        list_url=matching.list_url,
        list_label=gettext("Back to %(title)s", title=title),
        hidden=() if is_over else (*job.hidden, signed(job.view, run)),
        kept=kept,
        failure=failure,
        is_over=is_over,
        crumbs=(Crumb(title, matching.list_url), Crumb(job.title)),
    )
