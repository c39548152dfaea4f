"""The chapters with what Binder installs and nothing else: executed, and in a real browser in Lab and Notebook 7."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import binder_replay
import nbformat
import pytest
from lacking import lacking
from playwright.sync_api import expect
from the_site import EDITIONS
from winit_book.paths import ROOT

pytestmark = pytest.mark.slow

CHAPTER = "02_fan_in_fan_out.ipynb"  # quick, and its explorer has sliders
FRONTS = {"lab": ("LabApp", "lab/tree"), "notebook": ("JupyterNotebookApp", "notebooks")}
PATIENCE = 60  # seconds, on a busy machine
# nothing is asked of the makers of Jupyter: neither their news nor their newest version
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
OPTIONS = """
    --no-browser --allow-root --IdentityProvider.token= --ServerApp.port_retries=0 --{app}.news_url=None
    --{app}.check_for_updates_class=jupyterlab.NeverCheckForUpdate --{app}.extension_manager=readonly
"""


@pytest.fixture(scope="module")
def on_binder(tmp_path_factory):
    """The environment that Binder makes of this repository, and a copy of the repository (`binder_replay.py`)."""
    folder = tmp_path_factory.mktemp("binder")
    try:
        yield binder_replay.replay(folder)
    except binder_replay.NoIndexError as error:
        lacking(f"Jupyter cannot be installed: {error}")
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="a script of bash, for Binder's Linux")
def test_the_steps_replayed_run_the_chapters(on_binder):
    """One whole edition and, as the code is the same, the quickest of the other; by hand, the replay runs both."""
    chosen = [name for name in binder_replay.chapters() if name.startswith(("en/", "ko/00_", "ko/02_"))]
    assert len(chosen) == len(list(ROOT.glob("chapters/en/[0-9]*.ipynb"))) + 2
    assert all(seconds > 0 for seconds in on_binder.execute_all(chosen, workers=os.cpu_count() or 1).values())
    assert on_binder.megabytes["requirements"] + on_binder.megabytes["postBuild"] <= 500
    assert not (on_binder.folder / "first" / "_toc.yml").exists()  # the pins came without the repository


def until(what, happens, page=None):
    """Wait for a true value of `happens()`, and return it; an open page goes on only while Playwright waits."""
    end = time.monotonic() + PATIENCE
    while not (value := happens()):
        assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
        page.wait_for_timeout(200) if page else time.sleep(0.2)
    return value


class Server:
    """JupyterLab or Notebook 7, with a copy of the chapter in each edition, its outputs taken away."""

    def __init__(self, front, on_binder, folder):
        app, self.pages = FRONTS[front]
        self.folder = folder
        for edition in EDITIONS:
            notebook = nbformat.read(ROOT / "chapters" / edition / CHAPTER, as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.update(outputs=[], execution_count=None)
            (folder / edition).mkdir()
            nbformat.write(notebook, folder / edition / CHAPTER)
        settings = on_binder.folder / "env" / "share" / "jupyter" / "lab" / "settings"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "overrides.json").write_text(json.dumps(QUIET), "utf8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.host = f"127.0.0.1:{port}"
        where = [f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
        self.log = (folder / "server.log").open("w", encoding="utf8")
        self.process = subprocess.Popen(
            [on_binder.program("jupyter"), front, *OPTIONS.format(app=app).split(), *where],
            cwd=folder,
            env=on_binder.environ(),
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ask(self, path):
        assert self.process.poll() is None, (self.folder / "server.log").read_text("utf8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://{self.host}/api/{path}", timeout=10) as answer:
                return json.load(answer)
        except OSError:
            return None

    def kernel(self, path):
        """The kernel of an open notebook, once it is idle and the page is attached to it."""
        kernels = [session["kernel"] for session in self.ask("sessions") or () if session["path"] == path]
        ready = kernels and kernels[0]["execution_state"] == "idle" and kernels[0]["connections"] > 0
        return kernels[0] if ready else None

    def stop(self):
        self.process.terminate()  # it shuts its kernels down
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="module", params=FRONTS)
def server(request, on_binder, tmp_path_factory):
    server = Server(request.param, on_binder, tmp_path_factory.mktemp("jupyter"))
    try:
        until("the server answers", lambda: server.ask("status"))
        yield server
    finally:
        server.stop()


@pytest.fixture
def errors():
    """What the page in the test reports on the console."""
    return []


@pytest.fixture
def page(chromium, server, errors):
    """A window that reaches no other host and tells if it tried to; it ends without errors."""
    context, requests = chromium.new_context(viewport={"width": 1280, "height": 900}), []
    own = (*(f"{scheme}://{server.host}/" for scheme in ("http", "ws")), "data:", "blob:")
    context.route(re.compile(f"^(?!{'|'.join(map(re.escape, own))})"), lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.on("request", lambda request: request.url.startswith(own) or requests.append(request.url))
    page.on("websocket", lambda socket: socket.url.startswith(own) or requests.append(socket.url))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not requests and not errors, "\n".join(requests + errors)


@pytest.mark.parametrize("edition", EDITIONS)
def test_run_all_and_move_the_explorer(edition, server, page, errors):
    path = f"{edition}/{CHAPTER}"
    page.goto(f"http://{server.host}/{server.pages}/{path}?reset")  # without the tabs of the test before
    page.locator(".jp-Notebook").wait_for()
    # until then, Run All does nothing at all
    before = until("the kernel is attached", lambda: server.kernel(path), page)

    errors.clear()  # Notebook 7 complains of its own settings when it starts
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    cells = until("every cell has run", lambda: executed(page, server, path), page)
    assert server.kernel(path)["id"] == before["id"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)

    explorer = page.locator(".jp-OutputArea-output").filter(has=page.locator(".widget-hslider"))
    explorer.scroll_into_view_if_needed()
    picture, numbers = explorer.locator("img"), explorer.locator("div.widget-label")
    expect(numbers).to_have_text("fan_in 6 · fan_out 12 · counted 6, 12", timeout=1000 * PATIENCE)
    seen = pixels(picture)
    scale, handle = (explorer.locator(part).first.bounding_box() for part in (".noUi-base", ".noUi-handle"))
    page.mouse.move(handle["x"] + handle["width"] / 2, height := handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(scale["x"] + scale["width"] + 40, height, steps=5)  # the kernel's width, from 3 to 5
    page.mouse.up()
    expect(numbers).to_have_text("fan_in 10 · fan_out 20 · counted 10, 20", timeout=1000 * PATIENCE)
    until("the picture changes", lambda: pixels(picture) != seen, page)


def executed(page, server, path):
    """The code cells of the saved notebook, once all of them have run."""
    if not server.kernel(path):
        return None
    page.keyboard.press("Control+s")
    try:
        notebook = nbformat.read(server.folder / path, as_version=4)
    except nbformat.reader.NotJSONError:  # it is being written
        return None
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return cells if all(cell.execution_count for cell in cells) else None


def pixels(picture):
    """What the browser has drawn."""
    return picture.evaluate("""async (image) => {
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight), ink = canvas.getContext("2d");
        ink.drawImage(image, 0, 0);
        return Array.from(ink.getImageData(0, 0, canvas.width, canvas.height).data).join();
    }""")
