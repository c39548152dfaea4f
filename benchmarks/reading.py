"""What a reader waits for who opens a chapter for the first time, on a slow line and a slow machine, in Chromium.

The built site (`make book`) is served as a host would, compressed, with nothing in the cache: 1.6 Mbit/s, 150 ms to the
server, a processor four times as slow as this one. `before` is what was measured when MathJax drew the formulas in the
page and the themes brought their scripts, sheets and icon fonts. That means something on an idle machine only; as root,
`chrt -r 20` in front keeps other processes away.
"""

import functools
import gzip
import http.server
import statistics
import threading
from contextlib import contextmanager
from pathlib import Path

from .page import SITE, chromium
from .rows import Row, at_most

BEFORE = {  # seconds, in the same way
    "00_before_you_start": {"first": 1.24, "largest": 1.24, "formula": 9.69, "processor": 0.69},
    "03_xavier": {"first": 1.42, "largest": 1.42, "formula": 10.41, "processor": 0.95},
    "06_batch_norm": {"first": 1.59, "largest": 1.59, "formula": 11.25, "processor": 0.87},
}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
WATCH = """
window.seen = {shift: 0, largest: 0};
const watch = (type, told) =>
  new PerformanceObserver((list) => list.getEntries().forEach(told)).observe({type, buffered: true});
watch("paint", (entry) => { if (entry.name === "first-contentful-paint") seen.first = entry.startTime; });
watch("largest-contentful-paint", (entry) => (seen.largest = entry.startTime));
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
(function look() {
  const formula = document.querySelector("article math, article mjx-container");
  if (formula?.getBoundingClientRect().width && document.fonts.status === "loaded") seen.formula = performance.now();
  else requestAnimationFrame(look);
})();
"""


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Sends what can be compressed compressed, and lets a connection serve more than one request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix not in UNPACKED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


UNPACKED = (".png", ".woff", ".woff2", ".jpg", ".webp")


@functools.cache
def packed(path: Path) -> bytes:
    """A file as it is sent."""
    content = path.read_bytes()
    return content if path.suffix in UNPACKED else gzip.compress(content, 6)


@contextmanager
def served(site: Path):
    handler = functools.partial(Compressed, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def rows(rounds):
    with chromium() as browser, served(SITE) as address:
        for name, before in BEFORE.items():
            visits = [visit(browser, f"{address}/en/{name}.html", slow=True) for _ in range(rounds)]
            for told, key, bound in (
                ("first paint", "first", 1.5),
                ("largest paint", "largest", 2.5),
                ("formulas", "formula", 2.5),
            ):
                seconds = statistics.median(found[key] for found in visits) / 1000
                names = {"ours": seconds, "before": before[key]}
                yield Row(f"{told}, {name}", names, [at_most(bound, seconds, "{:.2f} s")])
            wide = max(found["shift"] for found in visits)
            narrow = visit(browser, f"{address}/en/{name}.html", slow=True, width=390)["shift"]
            shift = [at_most(0.05, wide, "{:.3f} at 1280 px"), at_most(0.05, narrow, "{:.3f} at 390 px")]
            yield Row(f"layout shift, {name}", {"ours": wide or 1e-4}, shift)
            quick = [visit(browser, f"{address}/en/{name}.html") for _ in range(rounds)]
            seconds = statistics.median(found["processor"] for found in quick)
            names = {"ours": seconds, "before": before["processor"]}
            yield Row(f"main thread, {name}", names, [at_most(0.5, seconds, "{:.2f} s")])


def visit(browser, address, slow=False, width=1280):
    """What happened until a page had settled, in milliseconds, its layout shift, and the seconds of its main thread."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_function("seen.first && seen.formula", timeout=120_000)
    page.wait_for_timeout(1000)
    found = page.evaluate("seen")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    return found | {"processor": metrics["TaskDuration"]}
