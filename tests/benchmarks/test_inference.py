"""The inference benchmark measures every engine on the same photos, and judges what it found."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from recognition.benchmarks.inference.load import drive
from recognition.benchmarks.inference.loops import TorchLoop
from recognition.benchmarks.inference.meanwhile import decoding_meanwhile
from recognition.benchmarks.inference.report import (
    BESIDE_FORWARD,
    MEANWHILE,
    Row,
    cells,
)
from recognition.benchmarks.inference.targets import targets
from recognition.encoders import registry
from tests.photos import photo


def test_the_benchmark_measures_both_towers_beside_the_bare_loops(
    models_dir, tmp_path, capsys
) -> None:
    (tmp_path / "cat.png").write_bytes(photo("chelsea.png"))
    call_command(
        *("benchmark", "inference", "--no-http", "--json", "--seconds", "0.01"),
        *("--threads", "1", "--batches", "1", "2", "--photos", str(tmp_path)),
    )
    said = json.loads(capsys.readouterr().out)
    rows = {row["what"]: row for row in said["rows"]}
    for what in ("images, batch 1", "images, batch 2", "forward, batch 2", "files to embeddings"):
        assert rows[what]["ours"] > 0
        assert rows[what]["torch_ratio"] == rows[what]["ours"] / rows[what]["torch"]
        assert rows[what]["onnx_ratio"] == rows[what]["ours"] / rows[what]["onnx"]
    assert {"decode", "text", "a process, resident"} <= rows.keys()
    assert len(said["targets"]) == 5


def measured(*, clients: float, median: float, p99: float, alone: float) -> list[Row]:
    many = "identify over HTTP, 16 clients"
    return [
        Row("files to embeddings", "a second", 50.0, 20.0, 50.0),
        Row("text", "ms", 4.0, more_is_better=False),
        Row("identify over HTTP, 1 client: median", "ms", alone, onnx=20.0),
        Row("identify over HTTP, 8 clients", "a second", clients - 1.5, None, 50.0),
        Row(many, "a second", clients, None, 50.0),
        Row(f"{many}: median", "ms", median),
        Row(f"{many}: p99", "ms", p99),
    ]


def test_targets_say_what_holds_and_what_is_missed():
    good = targets(measured(clients=45.0, median=300.0, p99=900.0, alone=28.0))
    assert len(good) == 7
    assert all(target.holds for target in good)
    bad = targets(measured(clients=44.0, median=300.0, p99=901.0, alone=28.1))
    assert [target.holds for target in bad] == [True] * 3 + [False] * 4
    assert str(bad[3]).startswith("MISSED  HTTP, 8 clients")


def test_on_a_gpu_both_bare_loops_are_to_be_reached():
    rows = [Row(MEANWHILE, "a second", 90.0, 100.0), Row(BESIDE_FORWARD, "a second", 90.0, 200.0)]
    assert [target.holds for target in targets(rows)] == [True, False]


def test_a_loop_that_decodes_meanwhile_embeds_every_file(models_dir):
    loop = TorchLoop(registry.get_encoder("bundled", models_dir=models_dir, engine="torch").load())
    seen: list[int] = []
    loop.forward = lambda pixels: seen.append(len(pixels))
    run = decoding_meanwhile(loop, [photo("chelsea.png")] * 5, batch=2)
    assert [run(), run()] == [5, 5]
    assert seen == [2, 2, 1] * 2


def test_a_ratio_says_how_many_times_better():
    assert Row("text", "ms", 2.0, 8.0, more_is_better=False).ratio(8.0) == 4.0
    assert Row("images", "a second", 8.0, 2.0).ratio(2.0) == 4.0
    told = cells(Row("images", "a second", 8.0, 2.0))
    assert told == ("images", "a second", "8.00", "2.00", "4.00", "–", "–")


@pytest.mark.parametrize("clients", [1, 3])
def test_clients_share_the_requests_and_each_has_its_own_connection(clients):
    connections: list[list[int]] = []

    def connect():
        mine: list[int] = []
        connections.append(mine)
        return lambda turn: mine.append(turn) or 200

    load = drive(connect, clients=clients, count=40)
    assert len(connections) == clients
    assert sorted(turn for mine in connections for turn in mine) == list(range(40))
    assert load.statuses == [200] * 40
    assert load.percentile_ms(50) <= load.percentile_ms(99)
