"""Every example of docs/redline-api.md runs and prints what the page says."""

import re
from pathlib import Path

import pytest

from pipeline.redline import api
from tests.make_docx import make_docx

PAGE = Path(__file__).parents[2] / "docs" / "redline-api.md"
BASE = ["Members often meet in Vienna.", "States protect all migrants.", "Data are limited."]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    who = ["Members {--often--}{++always++} meet in Vienna.", "States protect all {++young ++}migrants.", BASE[2]]
    ilo = ["Members {--often--}{++seldom++} meet in Vienna.", BASE[1], "{==Data==}{>>Which data?<<} are limited."]
    silent = [*BASE[:2], "Data are scarce."]
    files = {"draft": make_docx(BASE), "who": make_docx(who, author="Ana Example"), "ilo": make_docx(ilo)}
    for name, content in (files | {"silent": make_docx(silent)}).items():
        (tmp_path / f"{name}.docx").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_examples_print_what_the_page_says(folder, capsys):
    values: dict[str, object] = {}
    for example, expected in re.findall(r"```python\n(.*?)```\n(?:\n```\n(.*?)```)?", PAGE.read_text(), re.DOTALL):
        exec(compile(example, PAGE.name, "exec"), values)
        assert capsys.readouterr().out == expected
    assert {path.name for path in folder.iterdir()} >= {"redline.docx", "merged.docx", "ledger.json", "next.docx"}


def test_everything_on_the_front_door_is_there():
    assert all(hasattr(api, name) for name in api.__all__)
