"""A training round written out as files, for looking at and for other programs."""

import json
from pathlib import Path

from pipeline.demo.documents import build_base_docx
from pipeline.demo.messages import build_message, envelope_from
from pipeline.demo.requests import default_outbound
from pipeline.demo.scenario import Scenario, load_scenario
from pipeline.demo.texts import parse_markdown
from pipeline.demo.wordml import Origin


def build_scenario(source: Scenario | Path, target: Path) -> int:
    """How many messages were written to `target`, as 001_M01.eml in order of receipt, with drafts and index.json.

    The same round gives the same bytes every time.
    Raises: UsageError naming file, entry and what to write.
    """
    scenario = source if isinstance(source, Scenario) else load_scenario(source)
    outbound = default_outbound(scenario)
    target.mkdir(parents=True, exist_ok=True)
    index = []
    for position, message in enumerate(scenario.messages, start=1):
        name = f"{position:03}_{message.id}.eml"
        (target / name).write_bytes(build_message(scenario, message, outbound))
        received = message.received.isoformat()
        index.append({"id": message.id, "file": name, "envelope": envelope_from(message), "received": received})
    for draft in scenario.drafts:
        (target / f"{draft.code}_{draft.revision}.docx").write_bytes(build_draft(scenario, draft.code, draft.revision))
    (target / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(index)


def build_draft(scenario: Scenario, code: str, revision: str) -> bytes:
    """The Word file of a revision as it is circulated, with its stamp. Raises: UsageError."""
    draft = scenario.get_draft(code, revision)
    blocks = parse_markdown(draft.markdown, f"drafts/{code}_{revision}.md")
    circulated = next(plan.circulated for plan in scenario.plans if plan.code == code)
    stamp = (scenario.roster.code, code, revision)
    origin = Origin(title=blocks[0].text, author=scenario.roster.from_name, saved=circulated, stamp=stamp)
    return build_base_docx(blocks, origin)
