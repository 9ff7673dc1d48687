from __future__ import annotations

from collections.abc import Callable

from recognition.client.operation import Operation, one, path
from recognition.client.polling import Polling
from recognition.client.uploads import File, Upload
from recognition.client.work import Job


def start_import(gallery: str, archive: File, *, create: bool = False) -> Operation[Job]:
    """Enrol an archive (zip, tar.gz) with a folder a category, in the background.

    ``create`` makes categories that do not exist.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "imports"),
        form={"create": create},
        uploads=(Upload("archive", archive),),
        parse=one(Job),
        creates=True,
    )


def get_job(gallery: str, job: str) -> Operation[Job]:
    """How far a job is."""
    return Operation(method="GET", path=path("galleries", gallery, "jobs", job), parse=one(Job))


def wait_for_job(
    gallery: str,
    job: str,
    *,
    on_progress: Callable[[Job], None] | None = None,
    timeout: float | None = None,
) -> Polling[Job]:
    """The job when it has ended, well or not; ``on_progress`` is called whenever it was asked for.

    ``timeout`` is in seconds. Raises WaitedTooLong.
    """
    return Polling(ask=get_job(gallery, job), on_progress=on_progress, timeout=timeout)
