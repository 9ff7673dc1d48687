"""From an archive's files to the rows of a report: what is to be enrolled as what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from recognition.archives.entries import Entry, clean_path, is_archive, is_junk
from recognition.archives.limits import ArchiveLimits
from recognition.archives.manifest import MANIFEST, ManifestRow, read_manifest
from recognition.archives.reading import read_entries

MAX_CATEGORY = 200


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A file and what it is to become. With a ``code`` it is already settled: it was skipped, or
    it has failed, for the reason that ``detail`` gives."""

    position: int | None
    path: str
    category: str = ""
    name: str = ""
    external_id: str = ""
    prompts: tuple[str, ...] = ()
    code: str = ""
    detail: str = ""
    skipped: bool = False


def plan_rows(file: IO[bytes], limits: ArchiveLimits) -> list[PlannedRow]:
    """One row a file, in the archive's order; a manifest's rows without a file come last.

    With a ``manifest.csv`` its rows say what is what, by paths from where it lies; else a file's
    category is the folder that it lies in. Raises ArchiveError kinds.
    """
    files: list[Entry] = []
    manifest: tuple[str, bytes] | None = None
    for entry in read_entries(file, limits):
        if is_junk(entry.path):
            continue
        if PurePosixPath(entry.path).name.lower() == MANIFEST and _is_higher(entry, manifest):
            manifest = entry.path, entry.read(limits.max_entry_bytes)
        # Its reader ends with this pass; only what it is called counts from here on.
        files.append(Entry(entry.position, entry.path, entry.problem))
    if manifest is None:
        return [_by_folder(entry) for entry in files]
    path, content = manifest
    return list(_by_manifest(files, path, read_manifest(content, most=limits.max_entries)))


def _is_higher(entry: Entry, found: tuple[str, bytes] | None) -> bool:
    return found is None or entry.path.count("/") < found[0].count("/")


def _by_folder(entry: Entry) -> PlannedRow:
    return _settled(entry) or _checked(
        PlannedRow(entry.position, entry.path, PurePosixPath(entry.path).parent.name)
    )


def _by_manifest(
    files: Sequence[Entry], manifest: str, rows: Iterable[ManifestRow]
) -> Iterator[PlannedRow]:
    folder = PurePosixPath(manifest).parent
    named: dict[str, list[ManifestRow]] = {}
    for row in rows:
        path = str(folder / clean_path(row.file)) if row.file else ""
        named.setdefault(path, []).append(row)
    for entry in files:
        if entry.path == manifest:
            continue
        meant = named.pop(entry.path, [])
        if not meant:
            yield _settled(entry) or _unnamed(entry)
        for row in meant:
            yield _settled(entry) or _checked(_row(entry.position, entry.path, row))
    for path, missing in named.items():
        for row in missing:
            yield _without_file(path, row)


def _unnamed(entry: Entry) -> PlannedRow:
    detail = "The manifest does not name this file."
    return PlannedRow(
        entry.position, entry.path, code="not_in_manifest", detail=detail, skipped=True
    )


def _without_file(path: str, row: ManifestRow) -> PlannedRow:
    planned = _checked(_row(None, path, row))
    if not path and row.prompts:
        return planned
    detail = "The manifest names a file that is not in the archive."
    return PlannedRow(None, path, planned.category, code="file_missing", detail=detail)


def _row(position: int | None, path: str, row: ManifestRow) -> PlannedRow:
    return PlannedRow(position, path, row.category, row.name, row.external_id, row.prompts)


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


def _checked(row: PlannedRow) -> PlannedRow:
    if not row.category:
        code, detail = "category_missing", "The file lies in no folder, or its row names none."
    elif max(len(row.category), len(row.name), len(row.external_id)) > MAX_CATEGORY:
        code, detail = "invalid_input", f"A name or an id has at most {MAX_CATEGORY} characters."
    else:
        return row
    return PlannedRow(row.position, row.path, code=code, detail=detail)
