"""Archives that strangers made: what they hold, read without trusting a word of them."""

from recognition.archives.entries import Entry
from recognition.archives.limits import ArchiveLimits
from recognition.archives.planning import PlannedRow, plan_rows
from recognition.archives.reading import read_entries, sniff_archive

__all__ = [
    "ArchiveLimits",
    "Entry",
    "PlannedRow",
    "plan_rows",
    "read_entries",
    "sniff_archive",
]
