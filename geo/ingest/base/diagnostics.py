"""What is collected while a file is read: messages, rejected rows, repairs, detected values."""

from dataclasses import dataclass, field

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import Detected, ImportOptions, Level, Message, RejectedRow, Repair
from geo.ingest.base.safe_text import format_count, printable


@dataclass
class Diagnostics:
    """The state of one import; an import does not stop at the first fault."""

    file: str
    limits: Limits
    options: ImportOptions = field(default_factory=ImportOptions)
    messages: list[Message] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    """At most ``limits.reported`` for each check."""
    repairs: dict[str, Repair] = field(default_factory=dict)
    rejected_lines: int = 0
    """Rows that were rejected before there was a table."""
    fault_count: int = 0
    """All faults, whether they are in ``rejected`` or not."""
    detected: Detected = field(default_factory=Detected)
    """What is detected so far, also for a file that is rejected later."""
    encoding: str = ""
    delimiter: str = ""
    layers: tuple[str, ...] = ()
    """Set by readers, and part of ``detected`` once the file is read. ``layers`` has the names of
    all layers with rows, where not all are read."""

    def warn(self, text: str) -> None:
        """Add a warning unless it is there already."""
        self.add_message("warning", text)

    def inform(self, text: str) -> None:
        """Add a message that is no warning unless it is there already."""
        self.add_message("info", text)

    def add_message(self, level: Level, text: str) -> None:
        """Add a message unless it is there already."""
        message = Message(level, text)
        if message not in self.messages:
            self.messages.append(message)

    def offer_repair(self, repair: str, what: str, rows: int) -> bool:
        """Offer a repair; if it was chosen, report it as made and return True instead."""
        if repair in self.options.repairs:
            self.inform(f"Repaired, as chosen: {what} ({format_count(rows, 'row')}).")
            return True
        self.repairs[repair] = Repair(repair, what, rows)
        return False

    def reject_line(
        self, row: int, value: str, why: str, remedy: str, line: int | None = None
    ) -> None:
        """Reject a row that cannot become part of a table."""
        self.rejected_lines += 1
        self.fault_count += 1
        if self.rejected_lines <= self.limits.reported:
            value = printable(value)
            self.rejected.append(RejectedRow(self.file, row, "", value, why, remedy, line))
