"""The facts of a message as words that tracking, lists and filters know."""

import re
from collections.abc import Iterator

from pipeline.core.case import Case, Judgement
from pipeline.core.content import is_text
from pipeline.core.evidence import FILE_SOURCES, find_file_revision
from pipeline.core.languages import find_foreign_language
from pipeline.core.model import Certainty, FileKind, MachineKind, MailKind, RoundPurpose
from pipeline.core.rules import Saying

#: kinds that are an agency's answer: only these can be late
ANSWERS = (
    MailKind.CONTRIBUTION,
    MailKind.NO_COMMENT,
    MailKind.ENDORSEMENT,
    MailKind.OBJECTION,
    MailKind.DECLINE,
)
_OTHER_SOURCES = frozenset(
    {
        "in_reply_to", "references", "report", "thread_index",
        "subject_token", "subject", "quoted_token", "subject_code",
    }
)  # fmt: skip
#: sources that tie a delivery report to a mail of ours
_OUR_MAIL_SOURCES = _OTHER_SOURCES - {"subject_code"}
_REVISION = re.compile(r"\br(?:ev(?:ision)?)?\.?\s?(\d{1,3})\b", re.IGNORECASE)


def find_flags(case: Case, judgement: Judgement) -> tuple[str, ...]:
    """Every flag of a message, each once; "needs_attention" last."""
    if case.machine is not None:
        found = [*_machine_flags(case), *judgement.flags]
    elif case.part_lost and judgement.kind is MailKind.OTHER and case.identity.agency is not None:
        found = [*_sender_flags(case), "parse_defect", *judgement.flags]
    else:
        found = [*_person_flags(case, judgement), *judgement.flags]
    unique = list(dict.fromkeys(found))
    attention = ["needs_attention"] if "needs_attention" in unique else []
    return tuple([flag for flag in unique if flag != "needs_attention"] + attention)


def _machine_flags(case: Case) -> Iterator[str]:
    machine = case.machine
    assert machine is not None
    if machine.away_until is not None:
        yield f"ooo_until:{machine.away_until.isoformat()}"
    yield from (f"alternate_named:{address}" for address in machine.alternates)
    permanent = [failed.address for failed in machine.failed_recipients if failed.permanent]
    if any(clue.source in _OUR_MAIL_SOURCES for clue in case.identity.clues):
        yield from (f"contact_bounced:{address}" for address in permanent)
    elif permanent:
        # Anybody can write a report; one that names no mail of ours proves nothing about an address.
        yield "needs_attention"
    if machine.kind is MachineKind.RECEIPT:
        yield "read_evidence"
    elif machine.kind is MachineKind.OWN:
        yield "own_message"
    elif machine.kind in (MachineKind.RECALL, MachineKind.COMPLAINT):
        yield "needs_attention"


def _person_flags(case: Case, judgement: Judgement) -> Iterator[str]:
    yield from _sender_flags(case)
    yield from _content_flags(case)
    if judgement.kind is MailKind.LEAD_REVISION:
        yield f"lead_revision:propose_{_next_revision(case)}"
        return
    yield from _match_flags(case)
    yield from _word_flags(case, judgement)
    if judgement.kind in (MailKind.CONTRIBUTION, MailKind.OBJECTION):
        yield from _file_flags(case)
    yield from _endorsement_flags(case, judgement)
    yield from _lateness_flags(case, judgement)


def _sender_flags(case: Case) -> Iterator[str]:
    identity = case.identity
    if identity.agency is None and identity.role is None:
        yield "unknown_sender"
    elif identity.role is None:
        yield "unlisted_sender"
    if case.content.dangerous:
        yield "macro_attachment"
    if identity.lookalike_of is not None:
        yield "lookalike_domain"
    if identity.authentication_failed:
        yield "auth_failed"


def _content_flags(case: Case) -> Iterator[str]:
    content = case.content
    if case.part_lost:
        yield from ("parse_defect", "needs_attention")
    if case.mail.signed:
        yield "smime_signed"
    inside = [name.lower() for file in case.files for name in file.inside]
    if any(name.endswith((".dat", ".tnef")) for name in inside):
        yield "tnef_unpacked"
    if any(name.endswith((".eml", ".msg")) for name in inside):
        yield "nested_message"
    if content.ornaments:
        yield f"attachments_ignored:{content.ornaments}"
    if content.unreadable:
        yield from (f"unreadable_attachment:{reason.value}" for reason in content.unreadable)
        yield "needs_attention"
    carried = {agency for file in case.files for agency in file.carries if agency != case.identity.agency}
    yield from (f"carries_edits_of:{agency}" for agency in sorted(carried))
    if content.in_quote:
        yield "edits_in_quote"
    if content.links and not content.changed and not content.unreadable:
        yield from ("link_only", "needs_attention")
    if case.words.says(Saying.CREDENTIAL):
        yield "credential_in_body"


def _match_flags(case: Case) -> Iterator[str]:
    """How sure the filing is; nothing about it where a person decides anyway."""
    identity = case.identity
    if identity.agency is None or identity.draft is None or identity.authentication_failed:
        return
    sources = {clue.source for clue in identity.clues if clue.points_to == identity.draft}
    yield from (f"serves:{draft}" for draft, _ in identity.other_rounds)
    if identity.candidates:
        yield "thread_content_mismatch"
    elif sources & FILE_SOURCES and not sources & _OTHER_SOURCES:
        yield "matched_by_content"
    if Certainty.LIKELY in (identity.who, identity.which):
        yield "confirm_match"


def _word_flags(case: Case, judgement: Judgement) -> Iterator[str]:
    words = case.words
    if language := find_foreign_language(case.reply.new_text):
        yield f"language:{language}"
    if words.says(Saying.CONSOLIDATED):
        yield from _consolidation_flags(case)
    if words.says(Saying.PROVISIONAL):
        yield from ("subject_to_clearance", "needs_attention")
    if words.says(Saying.WITHDRAWAL):
        yield from ("withdrawal", "needs_attention")
    if words.says(Saying.EXTENSION) and judgement.kind in (MailKind.EXTENSION_REQUEST, MailKind.CONTRIBUTION):
        until = words.extension_until
        yield f"extension_requested:{until.isoformat() if until else 'unspecified'}"


def _consolidation_flags(case: Case) -> Iterator[str]:
    """Only the coordinator, or the member itself, speaks for all bodies."""
    member = case.context.find_agency(case.identity.agency)
    if member is None or not case.context.roster.bodies_of(member.code):
        return
    if case.identity.body in (None, member.coordinator):
        yield "consolidated"
    else:
        yield "needs_attention"


def _file_flags(case: Case) -> Iterator[str]:
    texts = [file for file in case.content.changed if is_text(file)]
    if any(file.silent for file in texts if file.kind is not FileKind.MATRIX):
        yield "untracked_changes"
    if any(find_file_revision(file) is None for file in texts):
        # Compared with a text it resembles little: the changes found may be of another document.
        yield "needs_attention"
    if case.round is None:
        return
    for file in texts:
        found = find_file_revision(file)
        if found and found[0] == case.round.draft and _is_older(found[1], case.round.current_revision):
            yield f"stale_base:{found[1]}"


def _endorsement_flags(case: Case, judgement: Judgement) -> Iterator[str]:
    if judgement.kind is MailKind.ENDORSEMENT and case.round is not None:
        yield f"endorsed_revision:{_find_endorsed_revision(case)}"
        if case.round.purpose is RoundPurpose.INPUTS:
            yield "early_endorsement"
    if judgement.kind is MailKind.OBJECTION and case.round is not None:
        if _is_late(case):
            yield "needs_attention"
        elif case.round.purpose is RoundPurpose.SILENCE:
            yield "silence_broken"


def _lateness_flags(case: Case, judgement: Judgement) -> Iterator[str]:
    if judgement.kind not in ANSWERS or not _is_late(case):
        return
    yield "late"
    assert case.round is not None
    deadline = case.context.deadline_for(case.round, case.identity.agency or "", case.identity.body)
    if case.mail.date is not None and case.mail.date <= deadline.at:
        yield "sent_before_deadline"


def _is_late(case: Case) -> bool:
    """By the receipt instant, and only for mail that is believed to be the agency's."""
    identity = case.identity
    if case.round is None or identity.agency is None or identity.authentication_failed:
        return False
    return case.context.received_at > case.context.deadline_for(case.round, identity.agency, identity.body).at


def _find_endorsed_revision(case: Case) -> str:
    """The revision named in the text when the draft has it, else that of the mail it answers."""
    assert case.round is not None
    known = {found.current_revision for found in case.context.rounds_of(case.round.draft)}
    known |= {found.revision for found in case.context.rounds_of(case.round.draft)}
    named = [f"r{number}" for number in _REVISION.findall(case.reply.new_text) if f"r{number}" in known]
    return named[-1] if named else case.identity.revision or case.round.current_revision


def _next_revision(case: Case) -> str:
    rounds = case.context.rounds_of(case.identity.draft or "")
    numbers = [_number(name) for found in rounds for name in (found.revision, found.current_revision)]
    return f"r{max(numbers, default=-1) + 1}"


def _is_older(revision: str, current: str) -> bool:
    return _number(revision) < _number(current)


def _number(revision: str) -> int:
    digits = re.search(r"\d+", revision)
    return int(digits[0]) if digits else 0
