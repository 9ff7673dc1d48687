"""``oneshot mcp``: the client as tools of the Model Context Protocol, for assistants."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recognition.client.cli.session import Session, with_session
from recognition.client.clients import Client
from recognition.client.errors import OneshotError

if TYPE_CHECKING:
    from mcp.server import MCPServer

ABOUT = (
    "Recognises things from one enrolled example each. `decision` is match, ambiguous or unknown: "
    "say unknown where it says so. `confidence` is a probability only where `calibrated`. Where "
    "`supported` is false the gallery is too small to be sure at the rate of false accepts that it "
    "is set to. `evidence` names the reference that decided."
)

Answer = dict[str, Any]


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder that images are read from; none outside it.",
)
@click.option("--enrol/--no-enrol", default=False, help="Offer a tool that enrols, too.")
@with_session
def mcp(session: Session, folder: Path, enrol: bool) -> None:
    """Serve the Model Context Protocol on standard input and output.

    Needs the extra: pip install "oneshot-recognition[mcp]".
    """
    try:
        server = tools(session.client, folder, may_enrol=enrol)
    except ImportError as error:
        raise click.ClickException(
            'Install what it needs: pip install "oneshot-recognition[mcp]".'
        ) from error
    server.run()


def tools(client: Client, folder: Path, *, may_enrol: bool) -> MCPServer[Any]:
    """Return the server with its tools. Images are paths below ``folder``."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    server: MCPServer[Any] = MCPServer("oneshot", instructions=ABOUT)

    def image(path: str) -> Path:
        found = (folder / path).resolve()
        if not found.is_relative_to(folder.resolve()) or not found.is_file():
            raise ToolError(f"There is no file {path!r} in the folder of images.")
        return found

    def told(error: OneshotError) -> ToolError:
        return ToolError(f"{error.detail} ({error.code})")

    @server.tool()
    def galleries() -> list[Answer]:
        """List the galleries: name in addresses (slug), what they are of, how much they hold."""
        try:
            return [
                {
                    name: getattr(each, name)
                    for name in ("slug", "name", "domain", "categories", "references")
                }
                for each in client.list_galleries()
            ]
        except OneshotError as error:
            raise told(error) from error

    @server.tool()
    def identify(gallery: str, path: str) -> Answer:
        """Say what an image shows, among a gallery's categories, or that it is unknown."""
        try:
            return _kept(client.identify(gallery, image(path)))
        except OneshotError as error:
            raise told(error) from error

    @server.tool()
    def verify(gallery: str, category: str, path: str) -> Answer:
        """Say whether an image shows the category that it is claimed to show."""
        try:
            return _kept(client.verify(gallery, image(path), category=category))
        except OneshotError as error:
            raise told(error) from error

    @server.tool()
    def search(
        gallery: str, path: str | None = None, text: str | None = None, limit: int = 10
    ) -> Answer:
        """Find the references nearest to an image, or to a description."""
        if (path is None) == (text is None):
            raise ToolError("Give either a path or a text.")
        try:
            found = client.search(gallery, path and image(path), text=text, limit=limit)
        except OneshotError as error:
            raise told(error) from error
        return {"results": [asdict(each) for each in found.results]}

    if may_enrol:

        @server.tool()
        def enrol(gallery: str, category: str, path: str, create: bool = False) -> Answer:
            """Enrol an image as an example of a category; ``create`` makes one that is new."""
            try:
                made = client.enrol(gallery, image(path), category=category, create=create)
            except OneshotError as error:
                raise told(error) from error
            return {
                "reference": made.id,
                "category": made.category,
                "state": made.state,
                "warnings": [asdict(each) for each in made.warnings],
            }

    return server


def _kept(answer: Any) -> Answer:
    """Return what an assistant needs of an answer; ``supported`` stands at its top."""
    told = asdict(answer)
    for name in ("encoder", "generation", "timings_ms", "burst", "explanation"):
        told.pop(name, None)
    return {**told, "supported": answer.threshold.supported}
