"""What differs between two wordings, in pieces of the size a person would mark.

Words are compared, never characters: half a changed word says nothing to a reader.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rapidfuzz.distance import Indel

from pipeline.redline.fold import split_tokens

#: texts with more tokens than this, after the common ends are cut off, are one replacement
MAX_TOKENS = 10_000
#: words from which on a difference counts as a rewritten passage
LARGE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of tokens of the old text and the stretch of the new one that takes its place."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def diff_words(old: str, new: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, replacement) for each difference, in order; offsets in code points of `old`."""
    return tuple((start, end, new[new_start:new_end]) for start, end, new_start, new_end in diff_spans(old, new))


def diff_spans(old: str, new: str, *, key: Callable[[str], str] = str) -> tuple[tuple[int, int, int, int], ...]:
    """(old start, old end, new start, new end) in code points for each difference, in order.

    `key` says what a token is compared as; tokens that it makes "" do not count.
    """
    olds, news = split_tokens(old), split_tokens(new)
    spans = _merge_islands(_slide_all(_differing(olds, news, key), olds, news, key), olds, news)
    at_old, at_new = _offsets(olds), _offsets(news)
    found = []
    for span in spans:
        span = _with_spaces(span, olds, news)
        bounds = (at_old[span.old_start], at_old[span.old_end], at_new[span.new_start], at_new[span.new_end])
        found.append(_begin_at_word(old, new, bounds))
    return tuple(found)


def encode(tokens: Sequence[str], codes: dict[str, str]) -> str:
    """Each token as one character, the same one for the same token; "" counts as no token."""
    for token in tokens:
        if token not in codes:
            codes[token] = _code(len(codes))
    return "".join([codes[token] for token in tokens if token])


def _code(number: int) -> str:
    # beyond ASCII, and not among the surrogates, which are no characters
    return chr(number + 256 if number < 0xD700 else number + 256 + 0x800)


def _offsets(tokens: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, tokens), initial=0))


def _differing(olds: Sequence[str], news: Sequence[str], key: Callable[[str], str]) -> list[Span]:
    """The differing stretches, as indices of tokens."""
    old_keys, new_keys = [key(token) for token in olds], [key(token) for token in news]
    old_index = [index for index, one in enumerate(old_keys) if one]
    new_index = [index for index, one in enumerate(new_keys) if one]
    codes: dict[str, str] = {}
    left, right = encode(old_keys, codes), encode(new_keys, codes)
    if len(left) > MAX_TOKENS or len(right) > MAX_TOKENS:
        return _whole(left, right, olds, news)
    old_index.append(len(olds))
    new_index.append(len(news))
    return [
        Span(
            old_start=old_index[code.src_start],
            old_end=_end(old_index, code.src_start, code.src_end),
            new_start=new_index[code.dest_start],
            new_end=_end(new_index, code.dest_start, code.dest_end),
        )
        for code in Indel.opcodes(left, right)
        if code.tag != "equal"
    ]


def _end(index: Sequence[int], start: int, end: int) -> int:
    """The token after a stretch; tokens that do not count and stand behind it stay outside."""
    return index[start] if end == start else index[end - 1] + 1


def _whole(left: str, right: str, olds: Sequence[str], news: Sequence[str]) -> list[Span]:
    return [Span(old_start=0, old_end=len(olds), new_start=0, new_end=len(news))] if left != right else []


def _slide_all(
    spans: Sequence[Span], olds: Sequence[str], news: Sequence[str], key: Callable[[str], str]
) -> list[Span]:
    """The differences; one that could lie in several places is put beside a space that became wider or narrower."""
    slid = [Span(old_start=0, old_end=0, new_start=0, new_end=0)]
    end = Span(old_start=len(olds), old_end=len(olds), new_start=len(news), new_end=len(news))
    for span, following in zip(spans, [*spans, end][1:], strict=True):
        before = slid[-1]
        left = min(span.old_start - before.old_end, span.new_start - before.new_end)
        right = min(following.old_start - span.old_end, following.new_start - span.new_end)
        places = [span]
        if span.old_start == span.old_end or span.new_start == span.new_end:
            places += _slides(span, range(-1, -left - 1, -1), olds, news, key)
            places += _slides(span, range(1, right + 1), olds, news, key)
        slid.append(next((one for one in places if _with_spaces(one, olds, news) != one), span))
    return slid[1:]


def _slides(
    span: Span, steps: Sequence[int], olds: Sequence[str], news: Sequence[str], key: Callable[[str], str]
) -> Iterator[Span]:
    """The places, so many tokens away, where words that only one text has may stand as well: "a b a" made from "a"."""
    for by in steps:
        # what is passed over on one side comes in on the other
        edge = by if by < 0 else by - 1
        passed = {key(olds[at + edge]) for at in (span.old_start, span.old_end)}
        passed |= {key(news[at + edge]) for at in (span.new_start, span.new_end)}
        if len(passed) > 1 or "" in passed:
            return
        yield Span(
            old_start=span.old_start + by,
            old_end=span.old_end + by,
            new_start=span.new_start + by,
            new_end=span.new_end + by,
        )


def _merge_islands(spans: list[Span], olds: Sequence[str], news: Sequence[str]) -> list[Span]:
    """The differences with those joined that less than one word keeps apart."""
    joined = _join(spans, olds, lambda before, after, words: words == 0)
    # one word left standing in a rewritten passage is chance
    sizes = {id(span): _size(span, olds, news) for span in joined}
    return _join(joined, olds, lambda before, after, words: words == 1 and _are_large(before, after, sizes))


def _are_large(before: Span, after: Span, sizes: dict[int, int]) -> bool:
    # a joined span is none of the measured ones: it is larger than both of its parts
    return min(sizes.get(id(before), LARGE), sizes.get(id(after), LARGE)) >= LARGE


def _join(spans: list[Span], olds: Sequence[str], close: Callable[[Span, Span, int], bool]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged:
            island = olds[merged[-1].old_end : span.old_start]
            if "\n" not in island and close(merged[-1], span, _words(island)):
                before = merged.pop()
                span = replace(span, old_start=before.old_start, new_start=before.new_start)
        merged.append(span)
    return merged


def _size(span: Span, olds: Sequence[str], news: Sequence[str]) -> int:
    return max(_words(olds[span.old_start : span.old_end]), _words(news[span.new_start : span.new_end]))


def _words(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _with_spaces(span: Span, olds: Sequence[str], news: Sequence[str]) -> Span:
    """The difference with the white space beside it where more or less of it was left: a person made that with it."""
    before, new_before = (
        tokens[end - 1] if end else "" for tokens, end in ((olds, span.old_start), (news, span.new_start))
    )
    if _is_wider(before, new_before):
        span = replace(span, old_start=span.old_start - 1, new_start=span.new_start - 1)
    after, new_after = (
        tokens[end] if end < len(tokens) else "" for tokens, end in ((olds, span.old_end), (news, span.new_end))
    )
    if _is_wider(after, new_after):
        span = replace(span, old_end=span.old_end + 1, new_end=span.new_end + 1)
    return span


def _is_wider(old: str, new: str) -> bool:
    return old.isspace() and new.isspace() and "\n" not in old + new and len(old) != len(new)


def _begin_at_word(old: str, new: str, bounds: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The same difference with the space behind the word, not before it, as people mark it."""
    start, end, new_start, new_end = bounds
    while start < end and new_start < new_end and _is_space(old[end - 1], new[new_end - 1]):
        end, new_end = end - 1, new_end - 1
    while start < end and new_start < new_end and _is_space(old[start], new[new_start]):
        start, new_start = start + 1, new_start + 1
    while start == end and new_start < new_end and end < len(old) and _is_space(new[new_start], old[end]):
        start, end, new_start, new_end = start + 1, end + 1, new_start + 1, new_end + 1
    while new_start == new_end and start < end < len(old) and _is_space(old[start], old[end]):
        start, end, new_start, new_end = start + 1, end + 1, new_start + 1, new_end + 1
    return start, end, new_start, new_end


def _is_space(first: str, behind: str) -> bool:
    return first == behind and first in " \n"
