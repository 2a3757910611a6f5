"""A browser without JavaScript: pages are read, links followed, forms sent with their hidden fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.admin.desk import PASSWORD


@dataclass(frozen=True, slots=True)
class Browser:
    client: FlaskClient

    def get(self, url: str) -> TestResponse:
        return self.client.get(url, buffered=True)

    def read(self, url: str) -> BeautifulSoup:
        """The page at `url`, which is there."""
        response = self.client.get(url, buffered=True)
        assert response.status_code == 200, (url, response.status_code, response.text)
        return BeautifulSoup(response.text, "html.parser")

    def words(self, url: str) -> str:
        return " ".join(self.read(url).get_text(" ").split())

    def post(self, url: str, **fields: Any) -> TestResponse:
        """What comes back for a form with a token."""
        return self.client.post(url, data={"csrf_token": self.get_token(), **fields})

    def get_token(self) -> str:
        page = BeautifulSoup(self.client.get("/roster", follow_redirects=True).text, "html.parser")
        return str(page.select_one("[name=csrf_token]")["value"])

    def sign_in(self, name: str, password: str = PASSWORD, following: str = "") -> TestResponse:
        return self.post("/login", name=name, password=password, next=following)

    def crawl(self, start: str = "/") -> Iterator[tuple[str, TestResponse]]:
        """Every page and download that can be reached by links, each once."""
        waiting, seen = [start], {start}
        while waiting:
            url = waiting.pop()
            response = self.client.get(url, buffered=True)
            yield url, response
            if response.mimetype != "text/html":
                continue
            for link in BeautifulSoup(response.text, "html.parser").select("a[href], link[href]"):
                target = urldefrag(urljoin(url, str(link["href"])))[0]
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
