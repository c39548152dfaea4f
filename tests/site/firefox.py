"""Firefox as it is installed, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), as far as our tests go.

Playwright drives a Firefox of its own making only, and the one that a reader has is the one that counts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import websocket

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
HOW_TO_GET_ONE = "no Firefox found; on Debian or Ubuntu: sudo apt-get install firefox-esr"
PATIENCE = 60  # seconds
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "ArrowLeft": "\ue012", "ArrowRight": "\ue014"}
# of a formula that is laid out before the rest of it has arrived
HARMLESS = "Invalid markup: Incorrect number of children"
# It looks for updates and for its maker's hosts otherwise.
PREFERENCES = """
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
"""


class Firefox:
    """One window. `troubles` collects errors on the console and requests to other hosts since the last `go`."""

    def __init__(self, profile: Path):
        (profile / "user.js").write_text(PREFERENCES, "utf8")
        self.process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        where = _patiently(lambda: json.loads((profile / "WebDriverBiDiServer.json").read_text("utf8")))
        self._socket = websocket.create_connection(
            f"ws://{where['ws_host']}:{where['ws_port']}/session", timeout=PATIENCE, suppress_origin=True
        )
        self._asked, self.troubles = 0, []
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.window = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def close(self):
        self._send("browser.close")
        self._socket.close()
        self.process.wait(PATIENCE)

    def _send(self, method, **params):
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while (message := json.loads(self._socket.recv())).get("id") != self._asked:
            self._hear(message["method"], message["params"])
        assert message["type"] == "success", f"{method}: {message['error']}: {message['message']}"
        return message["result"]

    def _hear(self, event, params):
        if event == "log.entryAdded" and params["level"] == "error" and not params["text"].startswith(HARMLESS):
            self.troubles.append(f"console: {params['text']}")
        if event == "network.beforeRequestSent" and not params["request"]["url"].startswith(self._own):
            self.troubles.append(f"request to {params['request']['url']}")

    def go(self, address: str):
        """Open a page and wait until it is loaded."""
        scheme, host, *_ = urlsplit(address)
        self._own, self.troubles = (f"{scheme}://{host}", "data:", "blob:"), []
        self._send("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def size(self, width: int, height: int):
        self._send("browsingContext.setViewport", context=self.window, viewport={"width": width, "height": height})

    def run(self, function: str, *arguments):
        """What a function of the page returns, awaited; arguments and result are JSON."""
        result = self._send(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            awaitPromise=True,
            target={"context": self.window},
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])

    def until(self, condition: str):
        """Wait until an expression of the page is true."""
        found = self.run(
            f"""async () => {{
                const end = performance.now() + {1000 * PATIENCE};
                while (!({condition}) && performance.now() < end) await new Promise((next) => setTimeout(next, 20));
                return Boolean({condition});
            }}"""
        )
        assert found, f"waited {PATIENCE} s for {condition}"

    def text(self, selector: str) -> str:
        return self.run("(selector) => document.querySelector(selector).innerText", selector)

    def click(self, selector: str):
        """A click of the mouse into the middle of an element, which is scrolled into sight."""
        found = self._send(
            "script.callFunction",
            functionDeclaration="""async (selector) => {
                const element = document.querySelector(selector), places = [];
                const still = () => places.length > 3 && new Set(places.slice(-3)).size === 1;
                while (!still() && places.length < 100) { // letters and pictures that arrive move it
                    element.scrollIntoView({ block: "center", behavior: "instant" });
                    await new Promise((next) => setTimeout(next, 50));
                    places.push(element.getBoundingClientRect().top);
                }
                return element;
            }""",
            arguments=[{"type": "string", "value": selector}],
            awaitPromise=True,
            target={"context": self.window},
        )["result"]
        place = {"type": "element", "element": {"sharedId": found["sharedId"]}}
        self._act(
            "pointer",
            [
                {"type": "pointerMove", "x": 0, "y": 0, "origin": place},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ],
        )

    def type(self, *keys: str):
        """Letters, and keys by name, into what has the focus."""
        values = [value for key in keys for value in ([KEYS[key]] if key in KEYS else key)]
        self._act("key", [{"type": kind, "value": value} for value in values for kind in ("keyDown", "keyUp")])

    def _act(self, kind, actions):
        source = {"type": kind, "id": kind, "actions": actions}
        self._send("input.performActions", context=self.window, actions=[source])


def _patiently(look):
    """What `look` finds as soon as it finds it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return look()
        except (OSError, ValueError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
