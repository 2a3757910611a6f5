"""Laws for every page of the admin."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from admin.page import HEADERS
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import MailState, Place
from tests.admin import desk
from tests.admin.browser import Browser

#: one address of every kind of page
PAGES = (
    "/",
    "/inbox",
    "/inbox?place=all&search=comments",
    "/messages/1",
    f"/messages/{desk.HELD}",
    f"/messages/{desk.QUARANTINED}",
    f"/messages/{desk.QUARANTINED}/release",
    f"/messages/{desk.FAILED}",
    f"/messages/{desk.UNREAD}",
    f"/messages/{desk.LEAD}",
    "/drafts",
    "/drafts/YTH/r0",
    "/drafts/YTH/r0?only=open",
    "/drafts/YTH/r0?only=conflicts",
    "/drafts/YTH/letters",
    "/drafts/YTH/r0/circulation",
    "/drafts/YTH/r0/circulation?purpose=silence&deadline=2012-11-20T12:00&zone=Europe/Vienna",
    "/drafts/YTH/agencies/ILO",
    "/drafts/YTH/ending",
    "/drafts/YTH/ending?reason=Put+off",
    "/rounds/1/closing",
    "/outgoing",
    "/outgoing/1",
    "/outgoing/2",
    "/year",
    "/handover",
    "/rounds/1/reminders",
    "/roster",
)
#: statements a page may need
MOST_STATEMENTS = 15
#: the page that shows all that is open at once
MORE_STATEMENTS = {"/handover": 19}
#: it composes the letters of every open round of a draft, and looks at each for that
STATEMENTS_OF_A_WITHDRAWAL = 20


def test_every_link_leads_somewhere(officer: Browser) -> None:
    answers = {url: response.status_code for url, response in officer.crawl()}
    assert len(answers) > 40
    assert {url: code for url, code in answers.items() if code != 200} == {}


def test_every_anchor_is_on_its_page(officer: Browser) -> None:
    pages = {url: BeautifulSoup(r.text, "html.parser") for url, r in officer.crawl() if r.mimetype == "text/html"}
    for url, page in pages.items():
        for link in page.select("a[href*='#']"):
            target, anchor = urldefrag(str(link["href"]))
            assert pages[target or url].find(id=anchor), (url, link["href"])


@pytest.mark.parametrize("url", PAGES)
def test_a_page_has_no_inline_style_or_script(officer: Browser, url: str) -> None:
    page = officer.read(url)
    assert not page.select("script:not([src^='/static/']), style, [style], iframe, object, embed, base")
    assert not any(script.get_text(strip=True) for script in page.select("script"))
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not page.select("[src^=http], [href^=http], [href^='javascript:']")


@pytest.mark.parametrize("url", PAGES)
def test_a_page_names_its_language_parts_and_fields(officer: Browser, url: str) -> None:
    page = officer.read(url)
    assert (page.html["lang"], page.html["dir"]) == ("en", "ltr")
    assert len(page.select("main")) == len(page.select("h1")) == 1
    assert page.title.get_text().removesuffix(" · Penholder").strip()
    labelled = {label.get("for") for label in page.select("label[for]")}
    for field in page.select("input:not([type=hidden]), select, textarea"):
        assert field.get("id") in labelled or field.find_parent("label"), field
    assert all(head.get("scope") in ("col", "row") for head in page.select("th"))
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("url", PAGES)
def test_a_page_works_without_javascript(officer: Browser, url: str) -> None:
    for form in officer.read(url).select("form"):
        assert form["method"] == "get" or form.select_one("[name=csrf_token]")
        assert form.select_one("button")


@pytest.mark.parametrize("url", PAGES)
def test_a_key_has_one_meaning_outside_lists_and_one_in_each_item(officer: Browser, url: str) -> None:
    page = officer.read(url)
    scopes = [page.select("[data-item] [data-key]"), page.select("[data-key]")]
    for item in page.select("[data-item]"):
        keys = [control["data-key"] for control in item.select("[data-key]")]
        assert len(keys) == len(set(keys))
    inside = {id(control) for control in scopes[0]}
    outside = [control["data-key"] for control in scopes[1] if id(control) not in inside]
    assert len(outside) == len(set(outside))
    assert not {"j", "k", "?"} & {control["data-key"] for control in scopes[1]}


@pytest.mark.parametrize("url", PAGES)
def test_hostile_words_are_only_words(officer: Browser, url: str) -> None:
    assert desk.HOSTILE not in officer.get(url).text


@pytest.mark.parametrize("url", [*PAGES, "/nothing", "/login", "/static/penholder.css", "/messages/1/raw"])
def test_every_answer_carries_the_protecting_headers(officer: Browser, url: str) -> None:
    headers = officer.get(url).headers
    assert {name for name in HEADERS if name not in headers} == set()
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_needs_few_statements(officer: Browser, office: Office, url: str) -> None:
    with _count(office) as statements:
        officer.read(url)
    most = STATEMENTS_OF_A_WITHDRAWAL if "reason=" in url else MORE_STATEMENTS.get(url, MOST_STATEMENTS)
    assert len(statements) <= most, statements


def test_statements_do_not_grow_with_rounds_and_proposals(officer: Browser, office: Office) -> None:
    def count(url: str) -> int:
        with _count(office) as statements:
            officer.read(url)
        return len(statements)

    before = [count("/"), count("/drafts/YTH/r0")]
    _open_another_round(office)
    assert [count("/"), count("/drafts/YTH/r0")] == before


@pytest.mark.parametrize("place", ["attention", "all", *(each for each in Place if each is not Place.RECEIVED)])
def test_a_count_in_the_inbox_equals_the_list_behind_it(officer: Browser, place: str) -> None:
    page = officer.read(f"/inbox?place={place}")
    chosen = page.select_one(".filters [aria-current]")
    assert int(chosen.select_one(".number").get_text()) == len(page.select(".row-link"))


def test_the_count_beside_inbox_equals_what_needs_a_person(officer: Browser) -> None:
    page = officer.read("/inbox?place=attention")
    assert int(page.select_one("nav .count").get_text()) == len(page.select(".row-link"))


@pytest.mark.parametrize("only", ["", "open", "conflicts", "ILO", "IOM", "WHO"])
def test_a_count_on_a_draft_equals_the_cards_it_shows(officer: Browser, only: str) -> None:
    page = officer.read(f"/drafts/YTH/r0?only={only}")
    chosen = page.select_one(".filters [aria-current]")
    assert int(chosen.select_one(".number").get_text()) == len(page.select("article.proposal"))


@pytest.mark.parametrize("state", ["", MailState.SENT, MailState.UNCERTAIN, MailState.REFUSED, MailState.QUEUED])
def test_a_count_of_mails_equals_the_list_behind_it(officer: Browser, state: str) -> None:
    page = officer.read(f"/outgoing?state={state}")
    chosen = page.select_one(".filters [aria-current]")
    assert int(chosen.select_one(".number").get_text()) == len(page.select("tr.mail"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/inbox?place=received&search=zzz", "No message meets this search"),
        ("/outgoing?state=held", "No mail here"),
        ("/drafts/YTH/r0?only=NOBODY", "No proposal passes this filter"),
    ],
)
def test_an_empty_list_says_so(officer: Browser, url: str, words: str) -> None:
    assert words in officer.words(url)


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/messages/999",
        "/drafts/YTH/r9",
        "/drafts/NO/r0",
        "/outgoing/999",
        "/drafts/YTH/agencies/NO",
        "/drafts/NO/letters",
        "/drafts/YTH/r9/circulation",
        "/outgoing/999/raw",
        "/rounds/9/reminders",
    ]
    + ["/year/report/9999.docx", "/year/calendar/1/made-up.ics", "/year/calendar/99/0.ics"]
    + ["/drafts/YTH/r0/documents/passwd", f"/messages/1/files/{'0' * 64}", "/messages/1/release"],
)
def test_what_is_not_there_is_a_page_with_a_way_back(officer: Browser, url: str) -> None:
    response = officer.get(url)
    assert response.status_code == 404
    assert BeautifulSoup(response.text, "html.parser").select_one("main a[href='/']")


def test_before_there_is_a_roster_every_page_says_what_to_do(officer: Browser, office: Office) -> None:
    with office.database.begin() as db:
        db.exec_driver_sql("DELETE FROM roster")
    response = officer.get("/")
    assert response.status_code == 409
    assert "import a roster first" in response.text


def test_a_board_without_rounds_teaches_the_first_step(officer: Browser, office: Office) -> None:
    with office.database.begin() as db:
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in ("message", "outgoing", "proposal"):
            db.exec_driver_sql(f"UPDATE {table} SET round_id = NULL")
        for table in ("addressee", "call_round"):
            db.exec_driver_sql(f"DELETE FROM {table}")
    assert "penholder round open" in officer.words("/")


def _open_another_round(office: Office) -> None:
    with office.database.begin() as db:
        first = store.rounds.get_round(db, 1)
        store.rounds.open_round(db, first)
        known = store.proposals.list_proposals(db, message_id=desk.ILO)
        for each in known:
            store.proposals.add_proposals(
                db,
                message_id=desk.HELD,
                round_id=1,
                draft="YTH",
                revision="r0",
                agency="IOM",
                body=None,
                changes=[each.proposal.change],
            )


@contextmanager
def _count(office: Office) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(office.database.engine, "before_cursor_execute", note)
