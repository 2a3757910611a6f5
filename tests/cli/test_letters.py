"""Commands about letters: receipts switched off and on, outcomes prepared and released, trials."""

import json

from tests.cli.shell import Shell


def test_receipts_are_switched_off_and_on(busy: Shell) -> None:
    assert busy.run("receipts", "list").out == ""
    assert busy.run("receipts", "off", "--draft", "WAT", "--dry-run").err.endswith("would be switched off.\n")
    assert json.loads(busy.run("receipts", "list", "--json").out) == []
    for _ in range(2):
        said = busy.run("receipts", "off", "--draft", "WAT", "--agency", "ILO")
    assert said.err == "Receipts on WAT to ILO stay as they are.\n"
    busy.run("receipts", "off", "--agency", "WHO")
    assert busy.run("receipts", "list").out.split("\n")[:2] == ["all drafts   WHO", "WAT          ILO"]
    assert json.loads(busy.run("receipts", "list", "--json").out)[0] == {"draft": None, "agency": "WHO"}
    assert busy.run("receipts", "on", "--agency", "WHO").err == "Receipts on all drafts to WHO are switched on.\n"
    assert busy.run("receipts", "off", "--agency", "NIX").code == 65
