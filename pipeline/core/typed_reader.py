"""What was read of a mail so far, and which paragraphs its text speaks of."""

from dataclasses import dataclass, field

from pipeline.core.edit_forms import Instruction
from pipeline.core.edit_places import PARAGRAPH, find_numbers
from pipeline.core.model import TypedEdit
from pipeline.core.quotations import SetAside


@dataclass(slots=True)
class Reader:
    """The state of a reading; it only grows."""

    aside: SetAside
    #: the paragraphs named last
    numbers: tuple[str, ...] = ("",)
    #: a remark not yet followed by a change of the same paragraph
    remark: TypedEdit | None = None
    #: a change was read since the numbers were named
    used: bool = False
    #: the numbers were named on a line of their own, so what follows in the block is about them
    heading: bool = False
    found: list[TypedEdit] = field(default_factory=list)
    #: sentences in which nothing was read
    rest: list[str] = field(default_factory=list)

    def note(self, text: str) -> tuple[str, ...]:
        """The paragraphs named last in `text`, which become the place; () when it names none."""
        named = last_named(text)
        if named and named != self.numbers:
            self.keep_remark()
            self.numbers, self.used, self.heading = named, False, False
        return named

    def keep_remark(self) -> None:
        """The remark stays as one of its own."""
        self.found += [self.remark] if self.remark else []
        self.remark = None

    def leave(self) -> None:
        """A blank line: the place ends with the block in which something was said about it."""
        self.heading = self.heading and not self.used
        if self.used:
            self.forget()

    def forget(self) -> None:
        """No paragraph is spoken of."""
        self.keep_remark()
        self.numbers, self.used, self.heading = ("",), False, False

    def change(self, asked: Instruction, numbers: tuple[str, ...], *, remark: str = "", guess: bool = False) -> None:
        """The change for each paragraph, with the remark that led to it."""
        led = self.remark.remark if self.remark and self.remark.paragraph in numbers else ""
        if not led:
            self.keep_remark()
        self.remark, self.used = None, True
        self.drop_introduction()
        self.found += [
            TypedEdit(
                paragraph=number, old=asked.old, new=asked.new, operation=asked.operation,
                remark="\n".join(filter(None, (led, remark))), only_there=guess or len(numbers) > 1,
            )
            for number in numbers
        ]  # fmt: skip

    def comment(self, number: str, sentence: str) -> None:
        """A remark that no change takes in."""
        self.keep_remark()
        self.drop_introduction()
        self.found.append(make_remark(number, sentence, self.aside))
        self.used = True

    def drop_introduction(self) -> None:
        """What only led to something that was read ("We propose:") is no sentence of its own."""
        if self.rest and self.rest[-1].rstrip().endswith((":", "\uff1a")):
            self.rest.pop()


def last_named(text: str) -> tuple[str, ...]:
    """The paragraphs named last in `text` (folded), with those that follow: "5 and 6"; () when it names none."""
    named = list(PARAGRAPH.finditer(text))
    return find_numbers(text, named[-1]) if named else ()


def make_remark(number: str, sentence: str, aside: SetAside) -> TypedEdit:
    """A sentence, with its quotations, as a remark on a paragraph."""
    return TypedEdit(
        paragraph=number, old="", new="", operation="comment", remark=aside.restore(sentence).strip(" -*\u2022")
    )
