"""Where a gallery's pages are: the one list behind the menu of every page."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.models import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One page. ``name`` is that of its address, ``icon`` a symbol of ``icons.svg``, ``least`` the
    role that sees it; what is ``at_hand`` has a place in a phone's bar, where there are four."""

    name: str
    label: str
    icon: str
    least: Role = Role.VIEWER
    at_hand: bool = False


MENU: dict[str, tuple[Entry, ...]] = {
    "Recognise": (
        Entry("dashboard:identify", "Identify", "identify", at_hand=True),
        Entry("dashboard:verify", "Verify", "verify"),
        Entry("dashboard:search", "Search", "search", at_hand=True),
    ),
    "Collect": (
        Entry("dashboard:gallery", "Categories", "grid", at_hand=True),
        Entry("dashboard:imports", "Import", "import", Role.CURATOR),
    ),
    "Understand": (
        Entry("dashboard:queries", "History", "history", at_hand=True),
        Entry("dashboard:review", "Review", "review", Role.CURATOR),
        Entry("dashboard:insights", "Insights", "insights"),
    ),
    "Manage": (
        Entry("dashboard:settings", "Settings", "settings"),
        Entry("dashboard:audit", "Log", "history", Role.OWNER),
    ),
}

RANK = {Role.VIEWER: 0, Role.CURATOR: 1, Role.OWNER: 2}


def menu_for(role: Role | None) -> dict[str, list[Entry]]:
    """What somebody in this role may open, under its headings."""
    rank = RANK.get(role, -1) if role else -1
    seen = {
        heading: [entry for entry in entries if RANK[entry.least] <= rank]
        for heading, entries in MENU.items()
    }
    return {heading: entries for heading, entries in seen.items() if entries}
