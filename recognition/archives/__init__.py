"""Archives that strangers made: what they hold, read without trusting a word of them."""

from recognition.archives.entries import Entry
from recognition.archives.limits import ArchiveLimits
from recognition.archives.planning import Plan, PlannedRow, checked_row, plan_archive, plan_rows
from recognition.archives.reading import read_entries, sniff_archive

__all__ = [
    "ArchiveLimits",
    "Entry",
    "Plan",
    "PlannedRow",
    "checked_row",
    "plan_archive",
    "plan_rows",
    "read_entries",
    "sniff_archive",
]
