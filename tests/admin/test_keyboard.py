"""Laws for hands that stay on the keyboard, in a real Chromium against a real server."""

import shutil
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

import admin
from admin import live
from pipeline.adapters import store
from pipeline.bootstrap import Office
from tests.admin import desk

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
WHO = 5


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The admin on a real server; at the end every stream has been left."""
    monkeypatch.setattr(live, "EVERY", 0.05)
    app = admin.create_app(office)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    for _ in range(live.MOST_STREAMS):
        assert app.extensions["streams"].acquire(timeout=20)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A signed-in officer's page; what the page writes to the console counts as a failure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=address)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/login")
        page.fill("#name", "chair")
        page.fill("#password", desk.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        yield page
        browser.close()
        assert said == []


def test_messages_are_opened_and_done_with_keys_alone(page: Page, office: Office) -> None:
    page.goto("/inbox")
    first = page.locator("a.subject").first.get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**{first}")
    page.keyboard.press("e")
    page.wait_for_selector(".flash button")
    assert not page.url.endswith(first or "")
    page.keyboard.press("z")
    page.wait_for_url(f"**{first}")
    with office.database.read() as db:
        assert store.messages.get_message(db, int((first or "").rpartition("/")[2])).attention_open


def test_the_agency_of_a_message_is_chosen_by_its_letters(page: Page, office: Office) -> None:
    page.goto(f"/messages/{desk.HELD}")
    page.keyboard.press("a")
    page.keyboard.type("ILO")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash")
    with office.database.read() as db:
        assert store.audit.list_entries(db, subject=f"message {desk.HELD}")


def test_a_change_is_decided_with_one_key(page: Page, office: Office) -> None:
    page.goto(f"/drafts/YTH/r0#proposal-{WHO}")
    page.evaluate(f"document.getElementById('proposal-{WHO}').tabIndex = -1")
    page.focus(f"#proposal-{WHO}")
    page.keyboard.press("n")
    page.wait_for_selector(".flash")
    with office.database.read() as db:
        assert store.proposals.get_proposal(db, WHO).proposal.disposition == "noted"


def test_a_place_is_gone_to_by_its_words(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette li")
    page.keyboard.type("who yth")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/YTH/agencies/WHO")


def test_keys_are_only_letters_in_a_field_and_when_they_are_off(page: Page) -> None:
    page.goto("/inbox?place=all")
    page.keyboard.press("/")
    page.keyboard.type("j?e")
    assert page.input_value("#search") == "j?e"
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.uncheck("#keys input")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator(".at-hand").count() == 0


def test_an_open_page_says_that_something_came_in(page: Page, office: Office) -> None:
    page.goto("/inbox")
    page.wait_for_selector("[data-mark]")
    with office.database.begin() as db:
        store.messages.close_attention(db, desk.HELD, "other", desk.NOW, "")
    page.wait_for_selector(".news:not([hidden])")
