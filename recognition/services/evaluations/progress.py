"""How far an evaluation is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from recognition.models import Evaluation
from recognition.services.jobs.lease import Lease, renew

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """Says how far an evaluation is, and that its worker lives, before each step."""

    lease: Lease
    evaluation: Evaluation

    def through(self, steps: Sequence[T]) -> Iterator[T]:
        """Yield the steps and count those that are done. Raises LeaseLost where the evaluation was
        cancelled or taken over.
        """
        self._say(total=len(steps), done=0)
        yield from self._counted(steps)

    def _counted(self, steps: Iterable[T]) -> Iterator[T]:
        for done, step in enumerate(steps):
            renew(self.lease)
            yield step
            self._say(done=done + 1)

    def _say(self, **numbers: int) -> None:
        Evaluation.objects.filter(pk=self.evaluation.pk).update(**numbers)
