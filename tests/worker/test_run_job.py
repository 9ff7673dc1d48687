from __future__ import annotations

import pytest
from django.db import OperationalError

from recognition.worker import tasks


def test_a_database_that_is_away_for_a_moment_does_not_cost_the_message(monkeypatch):
    turns = []

    def away_once(job: int, **options: object) -> None:
        turns.append(job)
        if len(turns) == 1:
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(tasks, "take_turn", away_once)
    assert tasks.run_job.apply(args=[7]).successful()
    assert turns == [7, 7]


def test_what_is_no_error_of_the_database_is_not_tried_again(monkeypatch):
    def fail(job: int, **options: object) -> None:
        raise ValueError(job)

    monkeypatch.setattr(tasks, "take_turn", fail)
    with pytest.raises(ValueError, match="7"):
        tasks.run_job.apply(args=[7], throw=True)
