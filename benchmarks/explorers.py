"""How fast explorers are: frames against new figures, and a move on the page, from the event to the decoded picture.

    python benchmarks/explorers.py [rounds [site]]

Frames: 100 pictures of five histograms, by `winit.frames` (setting up included) and by a new figure each, CPU time,
medians over the rounds; some pictures are compared pixel by pixel. Moves: every explorer of the built site (`make
book`), a slider or menu set and `img.decode()` awaited, in Chromium, by http and file. That means something on an idle
machine only; as root, `chrt -r 20` in front keeps other processes away.
"""

import functools
import http.server
import io
import os
import shutil
import statistics
import sys
import threading
import time
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import winit
from winit.frames import Frames, png
from winit.plotting import FORWARD, use_style

SIZE, EDGES = (6, 3), np.linspace(-1, 1, 61)
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


def draw_histograms(figure):
    bars = []
    for layer, ax in enumerate(figure.subplots(1, 5, sharey=True), 1):
        ax.set(title=rf"$h_{layer}$", xlim=(-1, 1), ylim=(0, 1), xticks=[-1, 0, 1])
        bars.append(ax.stairs(np.zeros(60), EDGES, fill=True, color=FORWARD, zorder=3))

    def update(histograms):
        for bar, counts in zip(bars, histograms):
            bar.set_data(np.sqrt(counts / counts.max()))
        return bars

    return update


def histograms(std):
    run = winit.propagate([100] * 6, activation="tanh", initializer=std, rng=np.random.default_rng(0))
    return [run.histogram(layer, EDGES)[0] for layer in range(1, 6)]


def seconds(job):
    start = time.process_time()
    result = job()
    return time.process_time() - start, result


def new_pictures(records):
    for record in records:
        figure = Figure(SIZE)
        draw_histograms(figure)(record)
        figure.savefig(io.BytesIO(), format="png")


def blitted_pictures(records):
    frames = Frames(draw_histograms, SIZE, records[0])
    return [png(frames.picture(record)) for record in records]


def compare_frames(rounds):
    use_style()
    records = [histograms(std) for std in np.geomspace(0.01, 1, 100)]
    frames = Frames(draw_histograms, SIZE, records[0])
    different = 0
    for record in records[::10]:
        canvas = FigureCanvasAgg(Figure(SIZE))
        draw_histograms(canvas.figure)(record)
        canvas.draw()
        different += not np.array_equal(frames.picture(record), canvas.buffer_rgba())
    new, fast = [], []
    for _ in range(rounds):
        new.append(seconds(lambda: new_pictures(records))[0])
        duration, pictures = seconds(lambda: blitted_pictures(records))
        fast.append(duration)
    new, fast, kilobytes = (
        statistics.median(new),
        statistics.median(fast),
        [len(picture) / 1000 for picture in pictures],
    )
    print(f"100 frames of five histograms: new figures {new:.2f} s, frames {fast:.3f} s, {new / fast:.0f} times faster")
    print(
        f"{len(set(pictures))} different, {different} of 10 unlike a new figure, {frames.canvas.get_width_height()} px,"
    )
    print(f"the largest {max(kilobytes):.1f} KB, together {sum(kilobytes):.0f} KB")


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
    compare_frames(rounds)
    measure_moves(rounds, site)
