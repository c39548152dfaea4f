"""A real browser on the built site: served at the root, below a sub-path, and opened as a file.

Every page a test opens is watched: a request to another host, an error on the console or an uncaught error of a script
fails the test that opened it.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import forms
import pytest
import tiny_book
from lacking import lacking
from the_site import SITE
from winit_book.offline.paper import CHROMIUM, FLAGS, HOW_TO_GET_ONE

# a preloaded script that may not run; what a page still loads (its icon, for one) when a link is followed
HARMLESS = ("csp", "net::ERR_ABORTED")
PATIENCE = 900  # seconds, for a book that another worker builds
# no other host has an address; a page that is watched by intercepting its requests takes twice the time to load
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("site")
    items.sort(key=lambda item: item.path.name != "test_pages.py")  # the longest first: both workers end together


@pytest.fixture(scope="session")
def site() -> Path:
    assert (SITE / "index.html").exists(), "there is no built site: run `make book` first"
    return SITE


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        lacking(HOW_TO_GET_ONE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, NOWHERE])
        yield browser
        browser.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """`serve(site)`: a site's address each way a reader may meet it, `root`, `subpath` and `file`."""
    servers = []

    @functools.cache
    def addresses(site: Path) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("served")
        (folder / "some").mkdir()
        (folder / "some" / "path").symlink_to(site)
        bases = {"file": site.as_uri()}
        for name, directory, path in (("root", site, ""), ("subpath", folder, "/some/path")):
            handler = functools.partial(_Quiet, directory=str(directory))
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            bases[name] = f"http://127.0.0.1:{server.server_port}{path}"
            servers.append(server)
        return bases

    yield addresses
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def bases(site, serve) -> dict[str, str]:
    """The addresses of the site that `visit` opens; a module of tests with a book of its own overrides it."""
    return serve(site)


class Window:
    """A page of a browser that notes every request to another place than its own, and whatever goes wrong."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self._reload, self.page.reload = self.page.reload, self.reload
        self.own: tuple[str, ...] = ()
        self.taken = False
        self.troubles: list[str] = []
        note = self.troubles.append
        self.page.on("request", lambda request: request.url.startswith(self.own) or note(f"request to {request.url}"))
        self.page.on(
            "requestfailed",
            lambda request: request.failure in HARMLESS or note(f"failed: {request.url} ({request.failure})"),
        )
        self.page.on("response", lambda response: response.status < 400 or note(f"{response.status}: {response.url}"))
        self.page.on("console", lambda message: message.type != "error" or note(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: note(f"script: {error}"))

    def reload(self):
        """Load the page again, which may come up in another process, where storage arrives a moment later."""
        self.page.wait_for_timeout(300)
        self._reload()

    def leave(self):
        """Make it as good as new for who comes next: no page, no memory of one, no pointer over it."""
        self.page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear() } catch {} }")
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)


def _stays(*args, **options):
    raise AssertionError("this would outlast the test: ask for a window of its own, `own=True`")


@pytest.fixture(scope="session")
def shared_window(chromium):
    """The window of all tests that leave nothing behind: to open one takes longer than to open a page in it."""
    window = Window(chromium)
    for name in ("on", "once", "route", "add_init_script", "expose_function"):
        setattr(window.page, name, _stays)
    for name in ("on", "once", "route", "add_init_script", "grant_permissions"):
        setattr(window.context, name, _stays)
    yield window
    window.context.close()


@pytest.fixture
def tour(chromium, bases, request):
    """`with tour(base="file", width=390, dark=True) as go: page = go("ko/index.html")`: one watched window.

    A test that listens to its page asks for a window of its own, `own=True`; with options of a context it has one.
    """

    @contextmanager
    def start(*, base="root", width=1280, height=900, dark=False, reduced_motion="no-preference", own=False, **options):
        own = own or bool(options)
        window = Window(chromium, **options) if own else request.getfixturevalue("shared_window")
        assert not window.taken, "two windows at a time: ask for one of its own, `own=True`"
        page, troubles, window.taken = window.page, window.troubles, True
        window.own = (bases[base] if not bases[base].startswith("file:") else "file:", "data:", "blob:", "about:")
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme="dark" if dark else "light", reduced_motion=reduced_motion)

        def go(path):
            page.goto(f"{bases[base]}/{path}")
            assert not troubles, f"{path} ({base}): {troubles}"
            return page

        try:
            yield go
        finally:
            window.taken = False
            window.context.close() if own else window.leave()
            found, troubles[:] = [*troubles], []
        assert not found, f"({base}): {found}"

    return start


@pytest.fixture
def visit(tour):
    """`with visit("ko/index.html", base="file", width=390, dark=True) as page`: a watched page."""

    @contextmanager
    def open_page(path, **options):
        with tour(**options) as go:
            yield go(path)

    return open_page


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """`built("forms", write)`: a small book, once for all workers; its folder and what its build said.

    The worker that asks first lets `write(folder)` write the book and builds it, the others wait.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def build(name, write, build=tiny_book.build):
        folder, said = shared / name, shared / f"{name}.json"
        try:
            folder.mkdir()
        except FileExistsError:
            end = time.monotonic() + PATIENCE
            while not said.exists():
                assert time.monotonic() < end, f"the book {name} is not built within {PATIENCE} s"
                time.sleep(0.2)
        else:
            write(folder)
            result = build(folder)
            draft = said.with_suffix(".draft")
            draft.write_text(json.dumps({"returncode": result.returncode, "stdout": result.stdout}), "utf8")
            draft.rename(said)
        return folder, subprocess.CompletedProcess("build", **json.loads(said.read_text("utf8")))

    return build


@pytest.fixture(scope="session")
def small_book(built, bases, serve):
    """The book of all forms (forms.py), built, as `base="forms"` and `base="forms root"`; the folder of its site."""
    folder, result = built("forms", forms.write)
    assert result.returncode == 0, result.stdout[-3000:]
    site = folder / "_build" / "html"
    bases |= {"forms": site.as_uri()} | {f"forms {way}": address for way, address in serve(site).items()}
    return site


@pytest.fixture
def search(visit):
    """`search("ko", "분산", "분산을")`: for each query the hits, best first, as `page#anchor`."""

    def find(edition: str, *queries: str, base="root") -> list[list[str]]:
        found = []
        with visit(f"{edition}/search.html?q={quote(queries[0])}", base=base) as page:
            page.wait_for_function("document.getElementById('search-summary').textContent")
            for query in queries:
                page.locator(".bd-search-container input").fill(query)
                page.keyboard.press("Enter")
                links = page.locator("#search-results li a")
                found.append(
                    links.evaluate_all("all => all.map((link) => link.getAttribute('href').replace('.html', ''))")
                )
        return found

    return find
