"""From an archive's files to the rows of a report: what is to be enrolled as what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from recognition.archives.entries import Entry, clean_path, is_archive
from recognition.archives.layout import Layout, read_layout
from recognition.archives.leftovers import LeftOut, is_leftover, left_out
from recognition.archives.limits import ArchiveLimits
from recognition.archives.manifest import ManifestRow, is_manifest, read_manifest
from recognition.archives.name_encodings import NameReading, read_names
from recognition.archives.reading import read_entries
from recognition.core.names import clean_name, forbidden_character, is_path_trick, name_key
from recognition.core.regions import Box

MAX_CATEGORY = 200
TOLD = 20


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A file and what it is to become. With a ``code`` it is already settled: it was skipped, or
    it has failed, for the reason that ``detail`` gives.
    """

    position: int | None
    path: str
    category: str = ""
    name: str = ""
    external_id: str = ""
    prompts: tuple[str, ...] = ()
    box: Box | None = None
    code: str = ""
    detail: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of an archive: its rows, how names were read, what is left out.

    ``manifest`` is the path of the table that says what is what; without one ``layout`` says what
    folders mean, and ``deeper`` names those that lie inside a category's.
    """

    rows: tuple[PlannedRow, ...]
    names: NameReading = field(default_factory=NameReading)
    left_out: LeftOut = field(default_factory=LeftOut)
    manifest: str = ""
    layout: Layout = field(default_factory=Layout)
    deeper: tuple[str, ...] = ()

    @property
    def is_guess(self) -> bool:
        """Whether it rests on a guess, which a person had better confirm."""
        return self.names.guessed or (self.layout.is_mixed and not self.manifest)


def plan_rows(file: IO[bytes], limits: ArchiveLimits) -> list[PlannedRow]:
    """The rows of ``plan_archive``, for what needs to know no more."""
    return list(plan_archive(file, limits).rows)


def plan_archive(file: IO[bytes], limits: ArchiveLimits, *, encoding: str = "") -> Plan:
    """One row a file, in the archive's order; a manifest's rows without a file come last.

    With a manifest its rows say what is what, by paths from where it lies; else the folders do (see
    ``read_layout``). ``encoding`` says in which names are whose encoding the archive does not say.
    Raises ArchiveError.
    """
    entries: list[Entry] = []
    manifests: dict[int, bytes] = {}
    for entry in read_entries(file, limits):
        if is_manifest(entry.path) and not is_leftover(entry.path) and entry.problem is None:
            manifests[entry.position] = entry.read(limits.max_entry_bytes)
        # Its reader ends with this pass; only what it is called counts from here on.
        entries.append(Entry(entry.position, entry.path, entry.problem, entry.raw, entry.origin))
    names = NameReading(encoding) if encoding else _names_of(entries)
    entries = [entry.read_as(names.encoding) for entry in entries]
    leftovers = [entry.path for entry in entries if is_leftover(entry.path)]
    files = [entry for entry in entries if not is_leftover(entry.path)]
    told = left_out(leftovers)
    highest = min((each for each in files if each.position in manifests), key=_depth, default=None)
    if highest is not None:
        table = read_manifest(manifests[highest.position], most=limits.max_entries)
        rows = tuple(_by_manifest(files, highest.path, table))
        return Plan(rows, names, told, manifest=highest.path)
    layout = read_layout(entry.path for entry in files if _settled(entry) is None)
    return Plan(
        tuple(_by_folder(entry, layout) for entry in files),
        names,
        told,
        layout=layout,
        deeper=_deeper(files, layout),
    )


def _names_of(entries: Sequence[Entry]) -> NameReading:
    unsaid = [entry for entry in entries if entry.raw is not None]
    origin = unsaid[0].origin if unsaid else "unix"
    return read_names([entry.raw for entry in unsaid if entry.raw is not None], origin)


def _depth(entry: Entry) -> int:
    return entry.path.count("/")


def _by_folder(entry: Entry, layout: Layout) -> PlannedRow:
    category, _ = layout.place(entry.path)
    return _settled(entry) or checked_row(PlannedRow(entry.position, entry.path, category))


def _deeper(files: Iterable[Entry], layout: Layout) -> tuple[str, ...]:
    """The folders inside categories, of which nothing but their photos is kept."""
    found: dict[str, None] = {}
    for entry in files:
        category, between = layout.place(entry.path)
        if between and _settled(entry) is None:
            found["/".join((category, *between))] = None
    return tuple(found)[:TOLD]


class _Paths:
    """The paths of an archive, found however they are written: with ``./`` or backslashes, in
    another Unicode form, and in another case where exactly one file fits.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._folded: dict[str, set[str]] = {}
        for path in self._paths:
            self._folded.setdefault(_folded(path), set()).add(path)

    def find(self, path: str) -> str | None:
        if path in self._paths:
            return path
        alike = self._folded.get(_folded(path), set())
        return next(iter(alike)) if len(alike) == 1 else None


def _folded(path: str) -> str:
    return "/".join(name_key(part) for part in path.split("/"))


def _by_manifest(
    files: Sequence[Entry], manifest: str, rows: Iterable[ManifestRow]
) -> Iterator[PlannedRow]:
    folder = PurePosixPath(manifest).parent
    paths = _Paths(entry.path for entry in files)
    named: dict[str, list[ManifestRow]] = {}
    for row in rows:
        path = str(folder / clean_path(row.file)) if row.file else ""
        named.setdefault(paths.find(path) or path, []).append(row)
    for entry in files:
        if entry.path == manifest:
            continue
        meant = named.pop(entry.path, [])
        if not meant:
            yield _settled(entry) or _unnamed(entry)
        for row in meant:
            yield _settled(entry) or checked_row(_row(entry.position, entry.path, row))
    for path, missing in named.items():
        for row in missing:
            yield _without_file(path, row)


def _unnamed(entry: Entry) -> PlannedRow:
    detail = "The manifest does not name this file."
    return PlannedRow(
        entry.position, entry.path, code="not_in_manifest", detail=detail, skipped=True
    )


def _without_file(path: str, row: ManifestRow) -> PlannedRow:
    planned = checked_row(_row(None, path, row))
    if not path and row.prompts:
        return planned
    detail = "The manifest names a file that is not in the archive."
    return PlannedRow(None, path, planned.category, code="file_missing", detail=detail)


def _row(position: int | None, path: str, row: ManifestRow) -> PlannedRow:
    return PlannedRow(position, path, row.category, row.name, row.external_id, row.prompts, row.box)


def _settled(entry: Entry) -> PlannedRow | None:
    if entry.problem is not None:
        return PlannedRow(
            entry.position, entry.path, code=entry.problem.code, detail=entry.problem.detail
        )
    if is_archive(entry.path):
        detail = "An archive inside the archive is not opened."
        return PlannedRow(
            entry.position, entry.path, code="nested_archive", detail=detail, skipped=True
        )
    return None


def checked_row(row: PlannedRow) -> PlannedRow:
    """Return the row, failed where it names no category that there may be."""
    texts = [clean_name(text) for text in (row.category, row.name, row.external_id)]
    character = forbidden_character("".join(texts))
    if not name_key(row.category):
        code, detail = "category_missing", "The file lies in no folder, or its row names none."
    elif max(map(len, texts)) > MAX_CATEGORY:
        code, detail = "invalid_input", f"A name or an id has at most {MAX_CATEGORY} characters."
    elif character:
        code, detail = "invalid_input", f"A name cannot hold {character}. Leave it out."
    elif any(map(is_path_trick, texts[:2])):
        detail = "A name cannot be “.” or “..”, which file systems take for a folder."
        code = "invalid_input"
    else:
        return row
    return PlannedRow(row.position, row.path, code=code, detail=detail)
