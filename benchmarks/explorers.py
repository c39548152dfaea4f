"""How fast explorers are on a page: a move, from the event to the decoded picture.

    python benchmarks/explorers.py [rounds [site]]

Every explorer of the built site (`make book`), a slider or menu set and `img.decode()` awaited, in Chromium, by http
and file. That means something on an idle machine only; as root, `chrt -r 20` in front keeps other processes away. How
fast the pictures are drawn is a row of `make bench`.
"""

import functools
import http.server
import os
import shutil
import statistics
import sys
import threading
from pathlib import Path

MOVES = """async (count) => {
    const times = [], pause = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    const inputs = [...document.querySelectorAll("figure.explorer :is(input, select)")];
    for (let k = 0; k < count; k++) {
        const input = inputs[k % inputs.length], values = input.options?.length ?? +input.max + 1;
        const picture = input.closest("figure").querySelector("img");
        await pause();
        const start = performance.now();
        input.value = (+input.value + 1) % values;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await picture.decode();
        times.push(performance.now() - start);
    }
    return times;
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def measure_moves(rounds, site):
    from playwright.sync_api import sync_playwright

    pages = [page for page in sorted(site.glob("*/*.html")) if 'class="align-center explorer' in page.read_text("utf8")]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"\nmoves, ms; load of the machine {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in pages:
            name = path.relative_to(site).as_posix()
            for scheme, address in ("http", f"http://127.0.0.1:{server.server_port}/{name}"), ("file", path.as_uri()):
                page = browser.new_page()
                page.goto(address)
                page.wait_for_load_state("networkidle")
                times = page.evaluate(MOVES, 60 * rounds)
                p95 = statistics.quantiles(times, n=20)[-1]
                print(f"{name:34} {scheme}   median {statistics.median(times):5.1f}   95 % below {p95:5.1f}")
                page.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    site = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parents[1] / "_build" / "html").resolve()
    measure_moves(rounds, site)
