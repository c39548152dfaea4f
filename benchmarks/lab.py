"""How fast the Init Lab is, and how heavy: answers to a dragged slider, steps of a race, bytes.

    python benchmarks/lab.py [moves [site]]

Answers: the gain, the depth and the seed are moved on the built site (`make book`), in Chromium, opened as a file, from
the event to the drawn z and to the drawn δ. Race: four lanes of 64-100-100-10, batch 64, and the steps of all lanes
together in a second. That means something on an idle machine only; as root, `chrt -r 20` in front keeps other processes
away.
"""

import os
import shutil
import statistics
import sys
from pathlib import Path

CASES = {"10 layers": "depth=10&width=64&batch=64", "100 layers": "depth=100&width=64&batch=64"}
MOVES = """async ([name, values]) => {
    const root = document.getElementById("lab"), input = document.getElementById(`lab-${name}`), times = [];
    const reaches = (stages) => new Promise((done) => {
        const watch = new MutationObserver(() => stages.includes(root.dataset.stage) && (watch.disconnect(), done()));
        watch.observe(root, { attributeFilter: ["data-stage"] });
    });
    for (const value of values) {
        await new Promise((next) => setTimeout(next, 50));
        const z = reaches(["forward"]), delta = reaches(["backward"]), all = reaches(["done"]);
        const start = performance.now();
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await z;
        document.body.getBoundingClientRect(); // the picture is laid out
        const first = performance.now() - start;
        await delta;
        times.push([first, performance.now() - start]);
        await all;
    }
    return times;
}"""
RACE = """async (seconds) => {
    const taken = document.getElementById("lab-taken"), steps = () => Math.min(...taken.textContent.match(/\\d+/g));
    document.getElementById("lab-go").click();
    const start = performance.now(), passed = () => performance.now() - start;
    while (passed() < 1000 * seconds && steps() < 1000) await new Promise((next) => setTimeout(next, 20));
    return 4000 * steps() / passed();
}"""


def main(moves, site):
    from playwright.sync_api import sync_playwright

    files = sorted((site / "en" / "_static").glob("lab*"))
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    print(
        f"scripts, styles and data: {sum(file.stat().st_size for file in files) / 1000:.0f} KB in {len(files)} files\n"
    )
    with sync_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print("answer, ms: z median, z 95 % below, δ median")
        for case, query in CASES.items():
            depth = int(query.partition("=")[2].partition("&")[0])
            moved = {
                "gain": [1 + (k % 40) / 50 for k in range(1, moves + 1)],
                "depth": [depth - k % 2 for k in range(1, moves + 1)],
                "seed": list(range(1, moves + 1)),
            }
            for name, values in moved.items():
                page = browser.new_page()
                page.goto(f"{(site / 'en' / 'lab.html').as_uri()}?{query}&activation=tanh&initializer=lecun_normal")
                page.wait_for_selector("#lab[data-stage=done]", timeout=60_000)
                z, delta = zip(*page.evaluate(MOVES, [name, values]))
                p95 = statistics.quantiles(z, n=20)[-1]
                print(f"{case:11} {name:6} {statistics.median(z):7.1f} {p95:7.1f} {statistics.median(delta):7.1f}")
                page.close()
        page = browser.new_page()
        page.goto((site / "en" / "lab.html").as_uri())
        page.wait_for_selector("#lab[data-stage=done]")
        page.wait_for_function("document.querySelector('.lab-standing').textContent")
        print(f"\nrace: {page.evaluate(RACE, 10):.0f} steps a second in sum")
        browser.close()


if __name__ == "__main__":
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    site = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parents[1] / "_build" / "html").resolve()
    main(moves, site)
