"""From a form to the records it points to: in a dialog with scripts, in a tab without them."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from example_app import demo
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.loading import wait_for_script
from tests.browser.served import Site

ADD = "/admin/orderview/add"
NEW = "/admin/customerview/add"


@pytest.fixture
def site(limited_site: Site) -> Site:
    return limited_site


def sent(page: Page, name: str = "customer") -> list[str]:
    """What the order's form would send for a field."""
    script = "(form, name) => new FormData(form).getAll(name)"
    return list(page.locator("main form.ab-form").evaluate(script, name))


def chosen(page: Page) -> str:
    """What the chosen customer is called."""
    control = page.locator(".ab-field:has([data-relation=customer])")
    script = "field => (field.querySelector('option:checked') ?? field.querySelector(':checked ~ label')).textContent"
    return str(control.evaluate(script))


def dialog_of(page: Page, words: str) -> Locator:
    """The dialog that a link of the customer's field opens."""
    page.locator("[data-relation=customer]").get_by_role("link", name=words).click()
    found = page.get_by_role("dialog")
    expect(found).to_be_visible()
    return found


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()


def test_a_new_record_is_added_in_a_dialog_and_chosen(page: Page, watch: Watch) -> None:
    watch.meant.add((422, NEW))
    page.goto(ADD)
    page.get_by_label("Number").fill("SO-900001")
    dialog = dialog_of(page, "New customer")
    expect(dialog).to_have_accessible_name("New customer")
    dialog.get_by_label("Name").fill("Zoe Zebra")
    dialog.get_by_label("Email").fill("not an address")
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("This is no e-mail address.")
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    dialog.get_by_label("Email").fill("zoe@example.org")
    save(dialog)
    expect(page.locator("[data-relation=customer] [role=status]")).to_have_text("Added Zoe Zebra")
    expect(dialog).to_have_count(0)
    assert chosen(page) == "Zoe Zebra"
    assert len(sent(page)) == 1
    expect(page.locator(".ab-field:has([data-relation=customer]) :is(select, [role=combobox])")).to_be_focused()
    expect(page.locator(".ab-look-up-list:not([hidden])")).to_have_count(0)
    expect(page.get_by_label("Number")).to_have_value("SO-900001")
    assert page.title().startswith("●")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Added SO-900001")).to_be_visible()


def test_the_chosen_record_is_edited_in_a_dialog(page: Page) -> None:
    page.goto("/admin/orderview/edit/1")
    before = sent(page)
    page.get_by_label("Note").fill("typed")
    dialog = dialog_of(page, "Edit customer")
    dialog.get_by_label("Name").fill("Anna Anders")
    dialog.get_by_label("Name").press("Control+Enter")
    expect(page.locator("[data-relation=customer] [role=status]")).to_have_text("Saved Anna Anders")
    assert chosen(page) == "Anna Anders"
    assert sent(page) == before
    expect(page.get_by_label("Note")).to_have_value("typed")


@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_a_dialog_that_is_closed_leaves_all_as_it_was(page: Page, way: str) -> None:
    page.goto(ADD)
    before = sent(page)
    dialog = dialog_of(page, "New customer")
    dialog.get_by_label("Name").fill("Nobody")
    asked = questions(page, "accept")
    close(page, way)
    expect(dialog).to_have_count(0)
    assert [text for _kind, text in asked] == ["Close this without saving? What you typed here is lost then."]
    expect(page.get_by_role("link", name="New customer")).to_be_focused()
    assert sent(page) == before
    assert page.url.endswith(ADD)


def questions(page: Page, answer: str) -> list[tuple[str, str]]:
    """What the browser will have asked, as (kind, text); each question is answered by "accept" or "dismiss"."""
    found: list[tuple[str, str]] = []

    def reply(question: Dialog) -> None:
        found.append((question.type, question.message))
        getattr(question, answer)()

    page.on("dialog", reply)
    return found


def close(page: Page, way: str) -> None:
    """Leave the dialog that is open."""
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("dialog").get_by_role("link", name="Cancel").click()


@pytest.mark.parametrize("limit", [100], indirect=True)
@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_what_was_typed_in_a_dialog_stays_for_who_does_not_want_to_lose_it(page: Page, watch: Watch, way: str) -> None:
    watch.meant.add((422, NEW))
    page.goto(ADD)
    dialog = dialog_of(page, "New customer")
    dialog.get_by_label("Name").fill("Zoe Zebra")
    asked = questions(page, "dismiss")
    # A browser that was kept from closing once does not ask a second time by itself.
    for times in (1, 2, 3):
        close(page, way)
        expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
        assert [kind for kind, _text in asked] == ["confirm"] * times
    dialog.get_by_label("Email").fill("not an address")
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("This is no e-mail address.")
    close(page, way)
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    page.evaluate("() => location.reload()")
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    assert [kind for kind, _text in asked] == [*["confirm"] * 4, "beforeunload"]


@pytest.mark.parametrize("limit", [100], indirect=True)
@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_a_dialog_in_which_nothing_was_typed_closes_without_a_question(page: Page, way: str) -> None:
    page.goto(ADD)
    asked = questions(page, "dismiss")
    for typed in (False, True):
        dialog = dialog_of(page, "New customer")
        if typed:
            dialog.get_by_label("Name").fill("Zoe Zebra")
            dialog.get_by_label("Email").fill("zoe@example.org")
            save(dialog)
        else:
            close(page, way)
        expect(dialog).to_have_count(0)
    # What was saved is not lost, and the next dialog begins anew.
    dialog = dialog_of(page, "New customer")
    close(page, way)
    expect(dialog).to_have_count(0)
    assert asked == []


def test_a_dialog_has_no_fault_that_axe_finds(page: Page, watch: Watch) -> None:
    watch.meant.add((422, NEW))
    page.goto(ADD)
    dialog = dialog_of(page, "New customer")
    save_empty = "dialog => dialog.querySelectorAll('[required]').forEach(field => field.required = false)"
    dialog.evaluate(save_empty)
    save(dialog)
    expect(dialog.get_by_role("alert")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found] == []
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    dialog.locator("label", has_text="Name").first.click()
    expect(dialog.get_by_label("Name")).to_be_focused()


def test_a_link_in_a_dialog_is_a_tab(page: Page) -> None:
    page.goto(ADD)
    dialog = dialog_of(page, "New customer")
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="New country").click()
    tab = opened.value
    tab.get_by_label("Code").fill("ZZ")
    tab.get_by_label("Name").fill("Zedland")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("press “Update choices”")).to_be_visible()
    dialog.get_by_label("Name").fill("Zoe")
    dialog.locator("[data-relation=country]").get_by_role("button", name="Update choices").click()
    expect(dialog.get_by_label("Name")).to_have_value("Zoe")


@pytest.mark.parametrize("limit", [3], indirect=True)
def test_nobody_of_that_name_can_be_made_one(page: Page) -> None:
    page.goto(ADD)
    box = page.get_by_role("combobox", name="Customer: search")
    box.focus()
    page.keyboard.type("Zoe Zebra")
    expect(page.get_by_role("option", name="Create “Zoe Zebra”")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    dialog.get_by_label("Email").fill("zoe@example.org")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Zoe Zebra")
    assert len(sent(page)) == 1


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_the_link_to_edit_follows_the_choice(page: Page) -> None:
    page.goto(ADD)
    select = page.locator("select[name=customer]")
    select.focus()
    expect(page.get_by_role("link", name="Edit customer")).to_have_count(0)
    wait_for_script(page, "relation.js")
    select.select_option(index=2)
    key = select.input_value()
    expect(page.get_by_role("link", name="Edit customer")).to_have_attribute("href", re.compile(f"/edit/{key}\\?"))


def test_choices_follow_the_field_that_they_depend_on(page: Page, limit: int) -> None:
    page.goto("/admin/employeeview/add")
    page.get_by_label("First Name").fill("Zoe")
    page.get_by_role("tab", name="Work").click()
    manager = page.locator("[data-relation=manager]")
    manager.evaluate("tools => tools.classList.add('as-it-was')")
    if limit == 3:
        store = page.get_by_role("combobox", name="Store: search")
        store.focus()
        expect(page.locator(".ab-look-up-list [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    else:
        page.locator("select[name=store]").select_option(index=1)
        page.locator("select[name=store]").focus()
    expect(manager).to_be_visible()
    expect(manager).not_to_have_class(re.compile("as-it-was"))
    if limit == 3:
        page.get_by_role("combobox", name="Manager: search").focus()
        with page.expect_response(re.compile(r"/choices/add/manager\?.*&store=\d+")) as asked:
            page.keyboard.press("ArrowDown")
        assert asked.value.status == 200
        expect(page.locator(".ab-look-up-list [role=option]").first).to_be_visible()
    else:
        some = page.locator("select[name=manager] option")
        expect(some).not_to_have_count(_people(page) + 1)
    expect(page.locator("[name=first_name]")).to_have_value("Zoe")


def _people(page: Page) -> int:
    """How many employees an untouched form offers as managers."""
    script = """async () => {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      return page.querySelectorAll("select[name=manager] option").length - 1;
    }"""
    found: int = page.evaluate(script)
    return found


def test_without_scripts_a_tab_adds_and_a_button_brings_the_choices(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(ADD)
    page.get_by_label("Number").fill("SO-900002")
    with page.context.expect_page() as opened:
        page.locator("[data-relation=customer]").get_by_role("link", name="New customer").click()
    tab = opened.value
    tab.get_by_label("Name").fill("Zoe Zebra")
    tab.get_by_label("Email").fill("zoe@example.org")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Close this tab, and press “Update choices”")).to_be_visible()
    tab.close()
    field = page.locator(".ab-field:has([data-relation=customer])")
    if field.locator("select").count():
        field.get_by_role("button", name="Update choices").click()
        field.locator("select").select_option(label="Zoe Zebra")
    else:
        field.get_by_role("searchbox").fill("Zoe")
        field.get_by_role("button", name="Find").click()
        field.get_by_label("Zoe Zebra").check()
    expect(page.get_by_label("Number")).to_have_value("SO-900002")
    page.get_by_label("Status").select_option(index=1) if page.locator("select[name=status]").count() else None
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added SO-900002")).to_be_visible()


def _sizes() -> dict[str, Any]:
    return {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_dialog_fits_a_phone(visit: Visit) -> None:
    page = visit(demo.ADMIN, **_sizes())
    page.goto(ADD)
    dialog = dialog_of(page, "New customer")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_without_the_script_a_link_is_a_link(page: Page, watch: Watch) -> None:
    page.route("**/relation.js*", lambda route: route.fulfill(status=404))
    page.goto(ADD)
    with page.context.expect_page() as opened:
        page.locator("[data-relation=customer]").get_by_role("link", name="New customer").click()
    expect(opened.value).to_have_url(re.compile(f"{NEW}[?]_related=1$"))
    assert [fault.partition("(")[0] for fault in watch.faults] == [
        "console error: Failed to load resource: the server responded with a status of 404 "
    ]
    watch.faults.clear()


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_who_is_signed_out_keeps_what_was_typed_in_the_dialog(page: Page) -> None:
    page.goto(ADD)
    dialog = dialog_of(page, "New customer")
    dialog.get_by_label("Name").fill("Zoe Zebra")
    dialog.get_by_label("Email").fill("zoe@example.org")
    page.context.clear_cookies()
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("Sign in")
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    expect(dialog.get_by_label("Password")).to_have_count(0)


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_a_page_that_is_no_form_of_its_view_opens_in_a_tab(page: Page) -> None:
    body = "<h1>Elsewhere</h1><form class='ab-form' method='post' action='/admin/login/'><input name='pin'></form>"
    page.route(re.compile(NEW), lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(ADD)
    with page.context.expect_page() as opened:
        page.locator("[data-relation=customer]").get_by_role("link", name="New customer").click()
    expect(opened.value).to_have_url(re.compile(f"{NEW}[?]_related=1$"))
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_an_answer_that_comes_late_changes_nothing(page: Page) -> None:
    page.goto("/admin/employeeview/add")
    page.get_by_role("tab", name="Work").click()
    store = page.locator("select[name=store]")
    store.focus()
    wait_for_script(page, "relation.js")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/employeeview/add", hold_first)
    options = page.locator("select[name=manager] option")
    everybody = options.all_text_contents()
    store.select_option(index=1)
    store.select_option(index=2)
    expect(options).not_to_have_count(len(everybody))
    later = options.all_text_contents()
    with page.expect_response(lambda answer: answer.request.method == "POST") as late:
        held[0].continue_()
    late.value.finished()
    # The page's own scripts have had their turn at the answer when a task that is put behind it is done.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert options.all_text_contents() == later


LINE = "/admin/orderitemview/add"


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_rows_are_added_in_a_dialog(page: Page) -> None:
    page.goto(LINE)
    page.locator("[data-relation=order]").get_by_role("link", name="New order").click()
    dialog = page.get_by_role("dialog")
    rows = dialog.locator(".ab-row")
    button = dialog.get_by_role("button", name="Add another line")
    button.focus()
    before = rows.count()
    wait_for_script(page, "inlines.js")
    button.click()
    expect(rows).to_have_count(before + 1)
    names = "row => [...row.querySelectorAll('[name$=-quantity]')].map(({ name }) => name)"
    assert rows.last.evaluate(names) == [f"_rows-items-{before}-quantity"]
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    dialog.get_by_label("Number").fill("SO-900009")
    dialog.locator("select[name=customer]").select_option(index=1)
    rows.last.locator("select[name$=-product]").select_option(index=1)
    rows.last.locator("[name$=-quantity]").fill("7")
    rows.last.locator("[name$=-unit_price]").fill("2")
    save(dialog)
    expect(page.locator("[data-relation=order] [role=status]")).to_have_text("Added SO-900009")
    (key,) = sent(page, "order")
    page.goto(f"/admin/orderview/edit/{key}")
    expect(page.locator("[name=_rows-items-0-quantity]")).to_have_value("7")


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_fields_that_wait_for_others_do_so_in_a_dialog(page: Page) -> None:
    page.goto(LINE)
    for _twice in range(2):
        page.locator("[data-relation=product]").get_by_role("link", name="New product").click()
        dialog = page.get_by_role("dialog")
        field = dialog.locator("[name=released_on]")
        expect(field).to_be_hidden()
        dialog.get_by_label("Published").check()
        expect(field).to_be_visible()
        page.once("dialog", lambda question: question.accept())
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert page.evaluate("() => [...document.scripts].filter(one => one.src.includes('fields.js')).length") == 1


@pytest.mark.parametrize("limit", [3], indirect=True)
def test_records_are_looked_for_in_a_dialog_and_each_script_comes_once(page: Page) -> None:
    page.goto(LINE)
    link = page.locator("[data-relation=order]").get_by_role("link", name="New order")
    link.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog").get_by_role("combobox", name="Customer: search")
    box.focus()
    options = page.locator(".ab-look-up-list [role=option]")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    name = options.first.text_content() or ""
    page.keyboard.press("Enter")
    expect(box).to_have_value(name)
    box.hover()
    loaded = page.evaluate("() => [...document.scripts].map(({ src }) => new URL(src).pathname.split('/').pop())")
    assert len(loaded) == len(set(loaded))
    assert {"look_up.js", "relation.js"} <= set(loaded)


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_a_dialog_tells_of_a_conflict_and_of_an_expired_form_and_saves_then(page: Page, watch: Watch) -> None:
    page.goto("/admin/orderview/edit/1")
    (key,) = sent(page)
    address = f"/admin/customerview/edit/{key}"
    watch.meant.update({(409, address), (400, address)})
    dialog = dialog_of(page, "Edit customer")
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("Name").fill("Berta Beta")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved Berta Beta")).to_be_visible()
    other.close()
    dialog.get_by_label("Name").fill("Anna Alpha")
    save(dialog)
    expect(dialog.get_by_text("“Berta Beta” is stored")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Anna Alpha")
    dialog.locator("[name=csrf_token]").evaluate("input => { input.value = 'expired'; }")
    save(dialog)
    expect(dialog.get_by_text("This page was open for too long")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Anna Alpha")
    dialog.get_by_role("button", name="Send again").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-relation=customer] [role=status]")).to_have_text("Saved Anna Alpha")
    assert chosen(page) == "Anna Alpha"
