"""Messages in a folder, under writers and readers that come in between one another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from oneshot_site.broker import Channel, Transport
from oneshot_site.celery import app

MESSAGES = 400


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    options = {
        "data_folder_in": tmp_path,
        "data_folder_out": tmp_path,
        "control_folder": tmp_path / "control",
    }
    (tmp_path / "control").mkdir()
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection


def test_it_is_what_the_service_uses():
    with app.connection("filesystem://") as connection:
        assert isinstance(connection.transport, Transport)


def test_messages_come_in_the_order_in_which_they_were_put(connection):
    channel: Channel = connection.channel()
    for number in range(20):
        channel._put("work", {"number": number})
    assert channel._size("work") == 20
    assert [channel._get("work")["number"] for _ in range(20)] == list(range(20))


def test_what_cannot_be_written_leaves_nothing_to_be_read(connection):
    channel: Channel = connection.channel()
    with pytest.raises(TypeError):
        channel._put("work", {"number": object})
    with pytest.raises(Empty):
        channel._get("work")


def test_a_reader_at_work_beside_the_writers_gets_each_message_whole(connection):
    def write(writer: int) -> None:
        channel = connection.channel()
        for number in range(MESSAGES // 2):
            channel._put("work", {"number": writer * MESSAGES // 2 + number})

    channel: Channel = connection.channel()
    got: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        written = [pool.submit(write, writer) for writer in range(2)]
        while len(got) < MESSAGES:
            try:
                got.append(channel._get("work")["number"])
            except Empty:
                assert not all(each.done() for each in written) or channel._size("work")
    assert sorted(got) == list(range(MESSAGES))


def test_queues_bound_at_the_same_moment_are_all_bound(connection):
    channels = [connection.channel() for _ in range(8)]
    names = {f"queue{number}" for number in range(8)}
    for turn in range(20):
        with ThreadPoolExecutor(8) as pool:
            bind = [
                pool.submit(channel._queue_bind, f"exchange{turn}", "key", "", name)
                for channel, name in zip(channels, names, strict=True)
            ]
        assert [each.exception() for each in bind] == [None] * 8
        assert {row.queue for row in channels[0].get_table(f"exchange{turn}")} == names
