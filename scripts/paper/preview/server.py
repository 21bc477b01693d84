"""Serves a session's folder on loopback, watches the sources, and tells open pages what a round came to."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import asdict
from pathlib import Path

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from paper.errors import MachineError, PaperError
from paper.folders import is_output
from paper.preview.session import Round, Session
from paper.profiles import output_folders
from paper.site.frame import STATE_PAGE

OWN = Path(__file__).parent
SERVED = ("live.js", "live.css", "proof.js")
# What editors and caches leave, and logs, into which a preview's own words may go by way of another program.
LEFT_BY_OTHERS = ("~", ".swp", ".tmp", ".pyc", ".new", ".log")
PASSED_OVER = frozenset({".git", ".venv", ".paper", ".quarto", "__pycache__", "_freeze", "node_modules"})
# Written by cells and by the preparation of a build, or private: no source of a page.
MADE = frozenset({("assets", "vendor"), ("assets", "figures"), ("assets", "data"), ("data", "private")})
SETTLE = 30  # ms of quiet after a save before a round begins
IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
IDLE = 400  # ms of quiet before the round is completed that a save began
# Before all other scripts of a page: it must see the page as it was served.
CLIENT = (
    '<head><meta charset="utf-8"><link rel="stylesheet" href="/__paper/live.css">'
    '<script defer src="/__paper/live.js" data-shown="%s"></script>'
)

Say = Callable[[str], None]


def serve(session: Session, port: int, say: Say) -> None:
    """Serve until interrupted. port 0 takes a free one. Raises MachineError where the port is taken."""
    server = Server(session, say)
    listening = _listen(port)
    say(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    config = uvicorn.Config(server.app(), log_level="warning", lifespan="on", ws="websockets-sansio")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    if sys.platform != "win32":  # where it would let two servers have one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        raise MachineError(
            f"port {port} can't be used: {error.strerror}",
            remedy="end what uses it, or take a free one with --port 0",
        ) from None
    return listening


def _is_own_log(path: Path) -> bool:
    """Whether what the preview says goes into this file: each line would be a change that it tells of."""
    for stream in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(stream), path.stat()):
                return True
    return False


class Server:
    """The web application of a preview, and the loop that rebuilds."""

    def __init__(self, session: Session, say: Say) -> None:
        self.session = session
        self.say = say
        self._open: set[WebSocket] = set()
        self._proofs: set[WebSocket] = set()  # those of the open pages that show the PDF
        self._proofing: asyncio.Task[None] | None = None
        self._stale = False  # what was saved is not in the PDF
        self._problem = ""  # why there is no new PDF
        self._last: Round | None = None

    def app(self) -> Starlette:
        """Return the application; its life begins the watching and ends the session."""
        routes = [
            WebSocketRoute("/__paper/live", self._live),
            Route("/__paper/proof", self._proof),
            Route("/__paper/proof/{name}", self._of_proof),
            Route("/__paper/{name}", self._own),
            Route("/{path:path}", self._file),
        ]
        return Starlette(routes=routes, lifespan=self._life)

    @contextlib.asynccontextmanager
    async def _life(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            if self._proofing is not None:
                await self._proofing
            await asyncio.to_thread(self.session.close)

    async def _watch(self) -> None:
        root = self.session.root
        outputs = [path.resolve() for path in output_folders(root)]

        def wanted(_: watchfiles.Change, name: str) -> bool:
            path = Path(name)
            parts = path.relative_to(root.resolve()).parts if path.is_relative_to(root.resolve()) else ()
            left = path.name.startswith(".") or path.name.endswith(LEFT_BY_OTHERS) or _is_own_log(path)
            above = len(parts) == 1 and any(
                parts == folder[:1] for folder in MADE
            )  # comes with the first of them
            result = parts[:2] in MADE or above or any(path.is_relative_to(out) for out in outputs)
            return not (PASSED_OVER & set(parts) or left or result or (parts and is_output(parts[0])))

        saves = watchfiles.awatch(
            root.resolve(),
            watch_filter=wanted,
            step=SETTLE,
            debounce=400,
            rust_timeout=IDLE,
            yield_on_timeout=True,
        )
        # The watcher lives from the first step of this generator: begun before the first round, which takes a while,
        # it hears what is saved meanwhile.
        first = asyncio.ensure_future(anext(saves))
        await asyncio.sleep(0)
        try:
            await self._round()
            await self._follow(await first)
            async for saved in saves:
                await self._follow(saved)
        finally:
            first.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await first

    async def _follow(self, saved: set[watchfiles.main.FileChange]) -> None:
        """Begin a round for what was saved; complete the last one where all is quiet."""
        if saved:
            await self._round(complete=False, saved={Path(name).resolve() for _, name in saved})
        elif self._last is not None and self._last.unfinished:
            await self._round(told=True)

    async def _round(
        self, *, complete: bool = True, told: bool = False, saved: Collection[Path] = ()
    ) -> None:
        """Build and tell the pages that are open. told: whether a line has been said of what was saved."""
        self._last = await asyncio.to_thread(self.session.rebuild, complete=complete, saved=saved)
        if self._last.problems:
            for problem in self._last.problems:
                self.say(": ".join(filter(None, (problem.place, problem.message))))
        elif not told:
            pages = sum(name.endswith(".html") for name in self._last.changed)
            self.say(f"{pages} page{'s' if pages != 1 else ''} in {self._last.seconds:.2f} s")
        for page in list(self._open):
            await self._tell(page, self._last)
        if any(name.endswith(".html") and name != STATE_PAGE for name in self._last.changed):
            self._renew_proof()

    def _renew_proof(self) -> None:
        """Let the PDF be made of what was saved, if somebody looks at it; one that is being made comes first."""
        self._stale = True
        if self._proofs and (self._proofing is None or self._proofing.done()):
            self._proofing = asyncio.create_task(self._make_proofs())

    async def _make_proofs(self) -> None:
        while self._stale and self._proofs:
            self._stale = False
            try:
                await asyncio.to_thread(self.session.make_proof)
                self._problem = ""
            except (PaperError, OSError) as error:
                self._problem = str(error)
            for page in list(self._proofs):
                with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                    await page.send_text(json.dumps({"proof": True}))

    async def _tell(self, page: WebSocket, came: Round) -> None:
        look = any(name.endswith((".css", ".js")) for name in came.changed)
        said = {
            "changed": sorted(n for n in came.changed if n.endswith((".html", *IMAGES))),
            "look": look,
            "problems": [asdict(problem) for problem in came.problems],
        }
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await page.send_text(json.dumps(said))

    async def _live(self, page: WebSocket) -> None:
        # Only pages of this server may listen: another site's script could read the author's text otherwise.
        host = page.headers.get("host", "")
        if not _local(host) or page.headers.get("origin") != f"http://{host}":
            await page.close(code=1008)
            return
        await page.accept()
        self._open.add(page)
        try:
            while True:
                told = json.loads(await page.receive_text())
                if told.get("proof"):
                    self._proofs.add(page)
                    self._renew_proof()
                    continue
                # A page says which state it shows when it opens, or comes back after a sleep.
                await self._catch_up(page, told)
        except (WebSocketDisconnect, ValueError):
            pass
        finally:
            self._open.discard(page)
            self._proofs.discard(page)

    async def _catch_up(self, page: WebSocket, told: dict[str, str]) -> None:
        """Tell a page whether it is still what the folder has, and what is wrong now."""
        if self._last is None:
            return
        folder, name = self.session.folder, str(told.get("page"))
        path = (folder / name).resolve() if folder else None
        here = path is not None and folder is not None and path.is_relative_to(folder.resolve())
        now = _digest(path.read_bytes()) if path and here and path.is_file() else ""
        changed = frozenset({name} if now and now != told.get("shown") else ())
        await self._tell(page, Round(changed, self._last.problems, 0))

    async def _own(self, request: Request) -> Response:
        name = request.path_params["name"]
        return FileResponse(OWN / name) if name in SERVED else PlainTextResponse("", 404)

    async def _proof(self, request: Request) -> Response:
        if not _local(request.headers.get("host", "")):
            return PlainTextResponse("", 403)
        return FileResponse(OWN / "proof.html")

    async def _of_proof(self, request: Request) -> Response:
        """Answer with the sizes of the PDF's pages, or with one of them as a picture."""
        if not _local(request.headers.get("host", "")):
            return PlainTextResponse("", 403)
        proof = self.session.proof
        name = request.path_params["name"]
        if name == "pages.json":
            facts: dict[str, object] = {"version": proof.version, "problem": self._problem, "sizes": []}
            if facts["version"]:
                facts["sizes"] = await asyncio.to_thread(proof.sizes)
            return JSONResponse(facts, headers={"Cache-Control": "no-store"})
        number, width = name.removesuffix(".png"), request.query_params.get("width", "")
        if not (number.isdecimal() and width.isdecimal() and int(width) and proof.version):
            return PlainTextResponse("", 404)
        drawn = await asyncio.to_thread(proof.page, int(number), int(width))
        return Response(drawn, media_type="image/png") if drawn else PlainTextResponse("", 404)

    async def _file(self, request: Request) -> Response:
        if not _local(request.headers.get("host", "")):
            return PlainTextResponse("This preview answers on this machine only.", 403)
        folder = self.session.folder
        if folder is None:
            return self._waiting()
        name = request.path_params["path"]
        path = (folder / name).resolve() if "\0" not in name else folder.parent
        if not path.is_relative_to(folder.resolve()):
            return PlainTextResponse("", 404)
        if path.is_dir():
            path = path / "index.html"
        status = 200
        if not path.is_file() and path.parent == folder.resolve():
            try:
                path = await asyncio.to_thread(self.session.make, path.name) or path
            except (PaperError, OSError) as error:  # an OSError: a round took the folder away meanwhile
                return PlainTextResponse(f"{error}\n\nSave or reload to try again.", 500)
        if not path.is_file():
            path, status = folder / "404.html", 404
        if path.suffix == ".html" and path.is_file():
            page = _live_page(path.read_bytes())
            return Response(page, status, media_type="text/html", headers={"Cache-Control": "no-store"})
        return (
            FileResponse(path, status, headers={"Cache-Control": "no-cache"})
            if path.is_file()
            else PlainTextResponse("There is no such page.", 404)
        )

    def _waiting(self) -> Response:
        text = "The book is being built for the first time: this page will show it when it is done."
        page = b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head><body><p>'
        page += text.encode() + b"</p></body></html>"
        return Response(_live_page(page), media_type="text/html", headers={"Cache-Control": "no-store"})


def _live_page(page: bytes) -> bytes:
    """Return the page with the script that listens, which knows what it shows."""
    return page.replace(b"<head>", (CLIENT % _digest(page)).encode(), 1)


def _digest(page: bytes) -> str:
    return hashlib.sha256(page).hexdigest()


def _local(host: str) -> bool:
    """Whether the request names this machine: a name bound to it from outside is refused."""
    return host.rsplit(":", 1)[0] in ("127.0.0.1", "localhost", "[::1]")
