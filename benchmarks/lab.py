"""What a hand waits for in the Init Lab of the built site (`make book`), in Chromium, opened as a file.

Wall time from a move to the picture it asks for: the signal from the move on, the gradient from the signal on. That
means something on an idle machine only; as root, `chrt -r 20` in front keeps other processes away. `before` is what the
same moves took when all products were plain JavaScript and the race had one worker.
"""

import statistics

from .page import chromium, opened
from .rows import Row, at_most

BEFORE = {  # seconds; for 95 % of the moves, the largest network, 1,000 steps of the race
    "relu": (0.035, 0.068),
    "tanh": (0.044, 0.069),
    "gelu": (0.087, 0.121),
    "largest": 12.2,
    "race": 13.8,
}
LAYERS = "depth={}&width={}&batch=64&activation={}&initializer={}"
LAB = """
    const lab = document.getElementById("lab");
    const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    const set = (name, value) => {
        const input = document.getElementById(`lab-${name}`);
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const answered = (move) => new Promise((done) => { // milliseconds from the move to each stage
        const start = performance.now(), at = {};
        const watch = new MutationObserver(() => {
            document.body.getBoundingClientRect(); // the layout belongs to the answer
            at[lab.dataset.stage] ??= performance.now() - start;
            if (lab.dataset.stage === "done") watch.disconnect(), done(at);
        });
        watch.observe(lab, { attributeFilter: ["data-stage"] });
        move();
    });
"""
MOVES = f"""async (count) => {{
    {LAB}
    const times = [];
    for (let k = 0; k < count; k++) {{
        await frame();
        const {{ forward, backward }} = await answered(() => set("gain", (0.9 + 0.01 * (k % 40)).toFixed(2)));
        times.push([forward, backward - forward]);
    }}
    return times;
}}"""
LARGEST = f"""async () => {{
    {LAB}
    const most = (name) => set(name, document.getElementById(`lab-${{name}}`).max);
    return (await answered(() => ["depth", "width", "batch"].map(most))).backward / 1000;
}}"""
RACE = """async () => {
    const taken = document.getElementById("lab-taken"), steps = () => Math.min(...taken.textContent.match(/\\d+/g));
    document.getElementById("lab-go").click();
    const start = performance.now(), passed = () => (performance.now() - start) / 1000;
    while (passed() < 120 && steps() < 1000) await new Promise((next) => setTimeout(next, 20));
    return passed();
}"""
# Milliseconds to draw one of the two networks, read back from the canvas so that nothing is put off
FRAME = """async (depth) => {
    const board = document.getElementById("lab-up"), draw = labUnits(labDrawing())(board, () => {}), times = [];
    const layer = (l) => Float64Array.from({ length: labData.shown }, (_, u) => 10 ** ((l + u) % 5 - 3));
    const sizes = Array.from({ length: depth }, (_, l) => layer(l));
    await new Promise((next) => setTimeout(next, 200));
    for (let k = 1; k <= 100; k++) {
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        draw({ depth, sizes, cursor: 1 + (k % depth) });
        board.getContext("2d").getImageData(0, 0, 1, 1);
        times.push(performance.now() - start);
    }
    return times;
}"""


def rows(rounds):
    with chromium() as browser:
        for activation, initializer in (("relu", "he_normal"), ("tanh", "lecun_normal"), ("gelu", "lecun_normal")):
            times = asked(browser, LAYERS.format(50, 128, activation, initializer), MOVES, 16 * rounds)
            bounds = (50, 100)
            for name, column, before, bound in zip(("forward", "backward"), zip(*times), BEFORE[activation], bounds):
                yield row(f"50 layers of 128, {activation}, {name}", column, bound, before)
        for depth, bound in ((10, 25), (100, 75)):
            times = asked(browser, LAYERS.format(depth, 64, "tanh", "lecun_normal"), MOVES, 16 * rounds)
            yield row(f"{depth} layers of 64, tanh, forward", [forward for forward, _ in times], bound)
        for activation, initializer, before in (
            ("relu", "he_normal", {"before": BEFORE["largest"]}),
            ("tanh", "lecun_normal", {}),
            ("gelu", "lecun_normal", {}),
            ("relu", "orthogonal", {}),
        ):
            seconds = asked(browser, LAYERS.format(2, 8, activation, initializer), LARGEST)
            job = f"the largest network, {activation}, {initializer}, drawn anew"
            yield Row(job, {"ours": seconds} | before, [at_most(5, seconds, "{:.1f} s")])
        seconds = asked(browser, "", RACE)
        yield Row(
            "1,000 steps of the race", {"ours": seconds, "before": BEFORE["race"]}, [at_most(10, seconds, "{:.1f} s")]
        )
        yield row("a frame of the network of 100 layers", asked(browser, "depth=2&width=8", FRAME, 100), 2)


def row(job, times, bound, before=None):
    """Milliseconds of many moves against a bound for 95 % of them."""
    late = statistics.quantiles(times, n=20)[-1]
    seconds = {"ours": late / 1000} | ({} if before is None else {"before": before})
    return Row(job, seconds, [at_most(bound, late, "{:.1f} ms for 95 %")])


def asked(browser, state, script, argument=None):
    page = opened(browser, f"lab.html?{state}" if state else "lab.html")
    try:
        page.wait_for_function("document.querySelector('.lab-standing').textContent")
        return page.evaluate(script, argument)
    finally:
        page.close()
