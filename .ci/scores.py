"""Scores on the shared test material, held against the recorded floor, which only rises. Usage: scores.py CORPUS."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PENHOLDER = Path(sys.executable).parent / "penholder"


def run(*command: str) -> str:
    """What a scoring tool printed; its exit code is its own affair."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def score_mail(corpus: Path) -> dict[str, int]:
    """Right ones by task of the mail corpus."""
    batch = f"{PENHOLDER} inspect --jsonl {{dir}}"
    printed = run(sys.executable, str(corpus / "mail" / "score.py"), "--split", "all", "--batch", batch)
    print(printed)
    found = re.findall(r"^\s*([a-z_]+(?:\.[a-z_]+)?)\s+(\d+)\s*/\s*(\d+)", printed, re.MULTILINE)
    return {f"mail.{task}": int(right) for task, right, _ in found}


def score_docx(corpus: Path) -> dict[str, int]:
    """Sets of real redlines that come back exactly when their authors' copies are merged."""
    tool, sets = corpus / "docx" / "tools" / "real_sets.py", corpus / "docx" / "split"
    printed = run(sys.executable, str(tool), str(PENHOLDER), str(sets))
    print(printed)
    found = re.search(r"(\d+) of \d+ sets exact, (\d+) crashes", printed)
    return {"docx.sets_exact": int(found[1]), "docx.survived": -int(found[2])} if found else {}


def main(corpus: Path) -> int:
    """0 when every score reaches its floor, else 1."""
    floor = tomllib.loads((HERE / "floor.toml").read_text(encoding="utf-8"))
    scores = score_mail(corpus) | score_docx(corpus)
    low = {name: least for name, least in floor.items() if scores.get(name, least - 1) < least}
    for name, least in low.items():
        print(f"{name}: {scores.get(name)} is under the floor of {least}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
