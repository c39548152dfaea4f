"""What a reader waits for on the built site (`make book`), in Chromium, opened as a file: the explorers.

Wall time of one event to the picture it asks for. That means something on an idle machine only; as root, `chrt -r 20`
in front keeps other processes away.
"""

import shutil
import statistics
from contextlib import contextmanager
from pathlib import Path

from .rows import Row, at_most

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
# Controls in turn, each set to its next value; an explorer answers with its picture, decoded or drawn
MOVES = """async ([controls, count]) => {
    for (const figure of document.querySelectorAll("figure.explorer")) { // its pictures come when one comes near
        const { name, pictures } = JSON.parse(figure.querySelector("script").textContent);
        figure.scrollIntoView();
        while (pictures && !window.winitFrames?.[name]) await new Promise((next) => setTimeout(next, 20));
    }
    const inputs = [...document.querySelectorAll(controls)], times = [];
    for (let k = 0; k < count; k++) {
        const input = inputs[k % inputs.length];
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        const start = performance.now();
        if (input.options) input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
        else if (input.value === input.max) input.value = input.min;
        else if (input.step === "any") input.value = Math.min(+input.value + 0.05, 1);
        else input.stepUp();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await input.closest("figure").querySelector("img")?.decode();
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
    }
    return times;
}"""


def rows(rounds):
    with chromium() as browser:
        yield explorers(browser, 20 * rounds)


def explorers(browser, count):
    """Those of the whole English edition."""
    times = []
    for path in sorted(SITE.glob("en/*.html")):
        if 'class="align-center explorer' in path.read_text("utf8"):
            times += moves(browser, path.name, "figure.explorer :is(input, select)", count)
    return answers("a move of an explorer", times, 16)


def moves(browser, name, controls, count):
    """Milliseconds from each event to its answer."""
    page = opened(browser, name)
    try:
        return page.evaluate(MOVES, [controls, count])
    finally:
        page.close()


def answers(job, times, bound):
    late = statistics.quantiles(times, n=20)[-1]
    return Row(job, {"ours": statistics.median(times) / 1000}, [at_most(bound, late, "{:.1f} ms for 95 %")])


def opened(browser, name):
    page = browser.new_page()
    page.goto(f"{(SITE / 'en').as_uri()}/{name}")
    page.wait_for_load_state("networkidle")
    if name.startswith("lab"):
        page.wait_for_selector("#lab[data-stage=done]", timeout=60_000)
    return page


@contextmanager
def chromium():
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program or not SITE.exists():
        raise SystemExit("the groups page and lab need a Chromium, and the site that `make book` builds")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
