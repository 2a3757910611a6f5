"""The smallest training round: a lead, two members, one draft, three messages; written in the format of the sample."""

from pathlib import Path

ROSTER = """
[group]
code = "WTG"
name = "Water Task Group"
mailbox = "drafts@wtg.example"
from_name = "WTG drafts"
aliases = []
chair = "UNICEF"
chair_timezone = "Europe/Vienna"
workdays = ["mon", "tue", "wed", "thu", "fri"]
holidays = []

[[member]]
code = "UNICEF"
name = "United Nations Children's Fund"
timezone = "Europe/Vienna"
domains = ["unicef.example"]
focal_point = "water@unicef.example"

[[member]]
code = "ILO"
name = "International Labour Office"
timezone = "Europe/Zurich"
domains = ["ilo.example"]
focal_point = "water@ilo.example"
alternate = "water-alt@ilo.example"

[[member]]
code = "WHO"
name = "World Health Organization"
timezone = "Europe/Zurich"
domains = ["who.example"]
focal_point = "water@who.example"

[[draft]]
code = "WAT"
title = "Paper on Safe Water along Migration Routes"
type = "paper"
lead = ["UNICEF"]
rule = "lead consolidates"
needs_endorsement = false
circulated = "2012-10-01T10:00:00+02:00"
deadline = "2012-10-31T18:00:00"
deadline_timezone = "Europe/Vienna"
"""

DRAFT = """# Safe Water along Migration Routes

1. People who leave their homes often walk for many days without a reliable source of safe drinking water.

2. Wells along the main routes are few, and most of them are shared with herds and with the villages nearby.

3. The members of the group agree to map every public well and to publish the map in all working languages.

4. Local councils should be consulted before a new pump is built, and their advice should be recorded in writing.

5. Border posts should keep clean water and soap for every person who waits, whatever papers that person carries.

6. The group will review progress once a year and will report to the governing bodies of its members.
"""

EDITS = """
- {id: WAT-ILO-1, agency: ILO, draft: WAT, base: r0, para: 2, op: replace,
   old: shared with herds, new: shared with working animals, type: te, why: ''}
"""

MESSAGES = """
- id: M01
  date: '2012-10-08T09:00:00+02:00'
  from: {name: ILO Water, addr: water@ilo.example}
  to: [drafts@wtg.example]
  subject: 'RE: [WTG-WAT] inputs'
  client: Outlook 2010 / Exchange
  in_reply_to: out:WAT:r0:ILO
  body: {format: text/plain, charset: utf-8, text: 'Please find our comments attached.', quoted: none}
  attachments:
  - {name: WAT_ILO.docx, kind: docx_tracked, draft: WAT, rev: r0, author: ILO Water, edits: [WAT-ILO-1]}
  trap: none
  expect: {draft: WAT, agency: ILO, kind: contribution, message_state: filed, response_state: contributed,
           late: false, edits: [WAT-ILO-1], flags: []}
- id: M02
  date: '2012-10-09T09:00:00+02:00'
  from: {name: WHO Water, addr: water@who.example}
  to: [drafts@wtg.example]
  subject: 'RE: [WTG-WAT] inputs'
  client: Outlook 2010 / Exchange
  in_reply_to: out:WAT:r0:WHO
  body: {format: text/plain, charset: utf-8, text: 'We have no comments on this draft.', quoted: none}
  trap: none
  expect: {draft: WAT, agency: WHO, kind: no_comment, message_state: filed, response_state: no_comment,
           late: false, flags: []}
- id: M03
  date: '2012-10-10T09:00:00+02:00'
  from: {name: Somebody, addr: somebody@elsewhere.example}
  to: [drafts@wtg.example]
  subject: 'a word on wells'
  client: Apple Mail
  in_reply_to: null
  body: {format: text/plain, charset: utf-8, text: 'May I see the text about wells?', quoted: none}
  trap: a stranger
  expect: {draft: null, agency: null, kind: other, message_state: unmatched, response_state: null,
           late: false, flags: []}
"""

OUTBOUND = """
- {ref: 'out:WAT:r0:ILO', message_id: <wat.r0.ilo@wtg.example>, date: '2012-10-01T10:00:00+02:00',
   to: water@ilo.example, subject: '[WTG-WAT] inputs', attachment: drafts/WAT_r0.md -> docx}
- {ref: 'out:WAT:r0:WHO', message_id: <wat.r0.who@wtg.example>, date: '2012-10-01T10:00:00+02:00',
   to: water@who.example, subject: '[WTG-WAT] inputs', attachment: drafts/WAT_r0.md -> docx}
"""

STATES = """
WAT r0:
  at: end of the collection period
  states:
    UNICEF: {state: lead, by: null}
    ILO: {state: contributed, by: M01}
    WHO: {state: no_comment, by: M02}
"""


def write_scenario(folder: Path) -> Path:
    """The folder, with the round in it."""
    (folder / "drafts").mkdir(parents=True, exist_ok=True)
    texts = {
        "roster.toml": ROSTER,
        "drafts/WAT_r0.md": DRAFT,
        "edits.yaml": EDITS,
        "messages.yaml": MESSAGES,
        "outbound.yaml": OUTBOUND,
        "expected_states.yaml": STATES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
