"""An assistant's side: the published client of the protocol speaks to ``oneshot mcp``."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import StdioServerParameters
from mcp.client import ClientSession
from mcp.client.stdio import stdio_client

from tests.photos import another_view, photo


def asked(url: str, key: str, folder: Path, *calls: tuple[str, dict[str, Any]], flags=()):
    """The names of the tools, and what each call says: its object, or its error."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "recognition.client.cli", "mcp", "--folder", str(folder), *flags],
        env={"ONESHOT_URL": url, "ONESHOT_API_KEY": key, "PYTHONPATH": ":".join(sys.path)},
    )

    async def ask() -> tuple[list[str], list[Any]]:
        async with stdio_client(server) as streams, ClientSession(*streams) as session:
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            answers = [await session.call_tool(name, given) for name, given in calls]
            return tools, [_said(each) for each in answers]

    return asyncio.run(ask())


def _said(result: Any) -> Any:
    [text] = [part.text for part in result.content]
    return text if result.is_error else json.loads(text)


def test_it_enrols_identifies_verifies_and_searches(live_server, gallery, key, tmp_path):
    for name in ("coffee.png", "chelsea.png", "horse.png"):
        (tmp_path / name).write_bytes(photo(name))
    (tmp_path / "again.jpg").write_bytes(another_view("coffee.png"))
    enrolled = [
        ("enrol", {"gallery": "pets", "category": name, "path": f"{name}.png", "create": True})
        for name in ("coffee", "chelsea", "horse")
    ]
    again = {"gallery": "pets", "path": "again.jpg"}
    tools, said = asked(
        live_server.url,
        key,
        tmp_path,
        *enrolled,
        ("identify", again),
        ("verify", again | {"category": "coffee"}),
        ("search", again | {"limit": 1}),
        ("galleries", {}),
        flags=["--enrol"],
    )
    assert tools == ["galleries", "identify", "verify", "search", "enrol"]
    *made, identified, verified, found, pets = said
    assert (pets["slug"], pets["domain"], pets["references"]) == ("pets", "general", 3)
    assert [each["state"] for each in made] == ["approved"] * 3
    assert (identified["decision"], identified["category"]) == ("match", "coffee")
    assert identified["supported"] is True
    evidence = identified["candidates"][0]["evidence"]
    assert (evidence["kind"], evidence["id"]) == ("reference", made[0]["reference"])
    assert (verified["accepted"], verified["supported"]) == (True, True)
    assert found["results"][0]["reference"] == made[0]["reference"]


def test_it_reads_images_of_its_folder_alone_and_enrols_only_where_it_may(
    live_server, gallery, key, tmp_path
):
    (tmp_path / "secret.png").write_bytes(photo("coffee.png"))
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    tools, said = asked(
        live_server.url,
        key,
        folder,
        ("identify", {"gallery": "pets", "path": "../secret.png"}),
        ("identify", {"gallery": "pets", "path": "link.png"}),
        ("search", {"gallery": "elsewhere", "text": "a cup"}),
    )
    assert "enrol" not in tools
    outside, linked, refused = said
    assert "no file" in outside and "no file" in linked
    assert "gallery_not_found" in refused
