"""What a reader waits for on the built site (`make book`), in Chromium, opened as a file: explorers and the Init Lab.

Wall time of one event to the picture it asks for. That means something on an idle machine only; as root, `chrt -r 20`
in front keeps other processes away.
"""

import shutil
import statistics
from contextlib import contextmanager
from pathlib import Path

from .rows import Row, at_least, at_most

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
# Controls in turn, each set to its next value. An explorer answers with its picture, decoded or drawn; the lab with the
# signal, drawn and laid out, and the next move waits for the gradient
MOVES = """async ([controls, count]) => {
    for (const figure of document.querySelectorAll("figure.explorer")) { // its pictures come when one comes near
        const { name, pictures } = JSON.parse(figure.querySelector("script").textContent);
        figure.scrollIntoView();
        while (pictures && !window.winitFrames?.[name]) await new Promise((next) => setTimeout(next, 20));
    }
    const lab = document.getElementById("lab"), inputs = [...document.querySelectorAll(controls)], times = [];
    const reaches = (stage) => new Promise((done) => {
        const watch = new MutationObserver(() => lab.dataset.stage === stage && (watch.disconnect(), done()));
        watch.observe(lab, { attributeFilter: ["data-stage"] });
    });
    for (let k = 0; k < count; k++) {
        const input = inputs[k % inputs.length];
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        const drawn = lab && reaches("forward"), all = lab && reaches("done"), start = performance.now();
        if (input.options) input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
        else if (input.value === input.max) input.value = input.min;
        else if (input.step === "any") input.value = Math.min(+input.value + 0.05, 1);
        else input.stepUp();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await (lab ? drawn : input.closest("figure").querySelector("img")?.decode());
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
        await all;
    }
    return times;
}"""
RACE = """async (seconds) => {
    const taken = document.getElementById("lab-taken"), steps = () => Math.min(...taken.textContent.match(/\\d+/g));
    document.getElementById("lab-go").click();
    const start = performance.now(), passed = () => (performance.now() - start) / 1000;
    while (passed() < seconds && steps() < 1000) await new Promise((next) => setTimeout(next, 20));
    return passed() / (4 * steps());
}"""


def rows(rounds):
    with chromium() as browser:
        yield explorers(browser, 20 * rounds)
        for depth, bound in ((10, 25), (100, 150)):
            name = f"lab.html?depth={depth}&width=64&batch=64&activation=tanh&initializer=lecun_normal"
            times = moves(browser, name, "#lab-gain, #lab-seed", 16 * rounds)
            yield answers(f"a move in the lab, {depth} layers", times, bound)
        yield race(browser)


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


def race(browser):
    """The race that the lab proposes; seconds of one step of one network."""
    page = opened(browser, "lab.html")
    page.wait_for_function("document.querySelector('.lab-standing').textContent")
    seconds = page.evaluate(RACE, 10)
    return Row("a step of the lab's race", {"ours": seconds}, [at_least(250, 1 / seconds, "{:.0f} steps a second")])


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
        raise SystemExit("the group page needs a Chromium, and the site that `make book` builds")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
