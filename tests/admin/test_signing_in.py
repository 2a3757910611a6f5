"""Laws for who may come in, and for how long."""

from datetime import timedelta

import pytest
from flask import Flask

import admin
from admin.auth import is_local
from admin.page import OPEN_PAGES
from admin.throttle import FREE, LONGEST, MOST_NAMES, Throttle
from pipeline.adapters import store
from pipeline.bootstrap import Office
from tests.admin import desk
from tests.admin.browser import Browser
from tests.dump import dump_all

WRONG = "wrong"


def _list_rules(office: Office) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of everything the application answers."""
    app: Flask = admin.create_app(office)
    values = {"message_id": 1, "mail_id": 1, "code": "YTH", "revision": "r0", "agency_code": "ILO", "sha256": "0"}
    values |= {"document": "matrix.docx", "filename": "penholder.css", "round_id": 1}
    values |= {"user_id": 1, "token": "0", "year": 2012}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (rule.endpoint, method, adapter.build(rule.endpoint, {k: values[k] for k in rule.arguments}, method=method))
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]


def test_a_stranger_sees_the_open_pages_and_no_other(stranger: Browser, office: Office) -> None:
    for endpoint, method, url in _list_rules(office):
        token = stranger.get_token()
        response = stranger.client.open(url, method=method, data={"csrf_token": token}, buffered=True)
        if endpoint not in OPEN_PAGES:
            assert (response.status_code, response.location.partition("?")[0]) == (302, "/login"), url


def test_every_form_needs_its_token(officer: Browser, office: Office) -> None:
    for _, method, url in _list_rules(office):
        if method == "POST":
            response = officer.client.post(url, data={"csrf_token": "made up"})
            assert response.status_code == 400, url
            assert "reload the page" in response.text


def test_a_reader_looks_at_everything_and_changes_nothing(reader: Browser, office: Office) -> None:
    with office.database.read() as db:
        before = dump_all(db)
    for endpoint, method, url in _list_rules(office):
        if method == "POST" and endpoint not in OPEN_PAGES:
            response = reader.post(url, disposition="accepted", proposal="1:0", place="ignored", step="cancel")
            assert response.status_code == 403, url
            assert "may look at everything and change nothing" in response.text
    with office.database.read() as db:
        assert dump_all(db) == before


def test_a_reader_is_shown_no_form_that_changes_something(reader: Browser) -> None:
    for url, response in reader.crawl():
        assert response.status_code == 200, url
        if response.mimetype == "text/html":
            forms = reader.read(url).select("form[method=post]")
            assert [form["action"] for form in forms] == ["/logout"], url


def test_after_signing_in_one_is_where_one_wanted_to_go(stranger: Browser) -> None:
    asked = stranger.get("/drafts/YTH/r0?only=open")
    assert asked.location == "/login?next=/drafts/YTH/r0?only%3Dopen"
    page = stranger.read(asked.location)
    following = page.select_one("[name=next]")["value"]
    assert stranger.sign_in("chair", following=following).location == "/drafts/YTH/r0?only=open"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\/evil.example", "evil.example"]
    + ["javascript:alert(1)", "", "/\n/evil.example", "/ok\\..\\evil"],
)
def test_signing_in_never_leads_to_another_site(stranger: Browser, target: str) -> None:
    assert not is_local(target)
    assert stranger.sign_in("chair", following=target).location == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("chair", WRONG), ("nobody", desk.PASSWORD), ("former", desk.PASSWORD), ("", "")]
)
def test_a_wrong_pair_says_no_more_than_that(stranger: Browser, name: str, password: str) -> None:
    response = stranger.sign_in(name, password)
    assert response.status_code == 401
    assert "do not go together" in response.text
    assert stranger.get("/").status_code == 302


def test_a_session_ends_when_its_account_is_closed(officer: Browser, office: Office) -> None:
    assert officer.get("/").status_code == 200
    with office.database.begin() as db:
        store.users.set_disabled(db, "chair", True)
    assert officer.get("/").status_code == 302


def test_signing_out_ends_the_session(officer: Browser) -> None:
    officer.post("/logout")
    assert officer.get("/").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Browser) -> None:
    cookie = stranger.sign_in("chair").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_after_five_failures_a_name_has_to_wait_longer_and_longer(stranger: Browser, office: Office) -> None:
    for _ in range(FREE):
        assert stranger.sign_in("chair", WRONG).status_code == 401
    refused = stranger.sign_in("CHAIR")
    assert refused.status_code == 429
    assert "Wait 2 seconds" in refused.text
    office.clock.at += timedelta(seconds=2)
    assert stranger.sign_in("chair", WRONG).status_code == 401
    assert "Wait 4 seconds" in stranger.sign_in("chair").text
    office.clock.at += timedelta(seconds=4)
    assert stranger.sign_in("chair").status_code == 302


def test_failures_for_one_name_do_not_hold_up_another(stranger: Browser) -> None:
    for _ in range(FREE + 1):
        stranger.sign_in("nobody", WRONG)
    assert stranger.sign_in("chair").status_code == 302


def test_the_wait_and_the_memory_have_an_end() -> None:
    throttle = Throttle()
    for _ in range(100):
        throttle.note_failure("chair", desk.NOW)
    assert throttle.find_wait("chair", desk.NOW) == LONGEST
    assert not throttle.find_wait("chair", desk.NOW + LONGEST)
    for number in range(MOST_NAMES + 10):
        throttle.note_failure(f"name {number}", desk.NOW)
    assert len(throttle.failures) == MOST_NAMES
