"""The page that chooses: without a script one answer, with it all of them, and the question in the address."""

import pytest
from the_site import EDITIONS, either
from winit_book.appendices import choose

from winit import recommend
from winit.blocks import FRAMEWORKS


@pytest.mark.parametrize("edition", EDITIONS)
def test_without_a_script(visit, edition):
    with visit(f"{edition}/choose.html", java_script_enabled=False) as page:
        assert page.locator(".answer pre").inner_text().strip() == recommend().code
        assert "2/fan_in" in page.locator(".answer .words").inner_text()
        assert page.locator("form.choose select:enabled").count() == 0
        assert page.locator("form.choose fieldset:enabled").count() == 0


@pytest.mark.parametrize("framework", either(*FRAMEWORKS))
def test_every_answer_can_be_reached(visit, framework):
    """The page finds the code of every question under the key that it makes of its controls."""
    questions = [asked for asked in choose.questions() if asked["framework"] == framework]
    with visit("en/choose.html") as page:
        shown = page.evaluate(
            """(questions) => questions.map((question) => {
                const form = document.querySelector("form.choose");
                for (const [name, value] of Object.entries(question)) form.elements[name].value = value;
                form.dispatchEvent(new Event("input", { bubbles: true }));
                const pre = document.querySelector(".answer pre");
                return pre.closest(".highlight-python").hidden ? "" : pre.textContent.trimEnd();
            })""",
            [choose.FIRST | asked for asked in questions],
        )
    assert shown == [choose.answer_to(asked).code for asked in questions]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("width", [320, 1280])
def test_by_hand(visit, edition, width):
    with visit(f"{edition}/choose.html", base="file", width=width) as page:
        page.locator("form.choose input[value='batch']").check()
        page.locator("form.choose input[value='50']").check()
        assert page.url.endswith("?normalization=batch&depth=50")
        assert page.locator(".answer pre").is_hidden()  # not offered
        page.locator("form.choose input[value='20']").check()
        assert "BatchNorm1d" in page.locator(".answer pre").inner_text()
        assert page.locator(".answer a[href*='06_batch_norm.html#twenty']").is_visible()
        page.locator("#choose-layer").select_option("recurrent")
        assert page.locator("#choose-activation").is_disabled() and page.locator("form.choose .note").is_visible()
        assert "orthogonal_" in page.locator(".answer pre").inner_text()
        page.locator("#choose-layer").select_option("dense")
        assert page.locator("#choose-activation").is_enabled() and page.locator("form.choose .note").is_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_address_is_read_and_nothing_else_gets_in(visit):
    address = "en/choose.html?activation=gelu&layer=<img src=x onerror=alert(1)>&depth=3&elements=1&framework=Flax"
    with visit(address) as page:
        assert page.locator("#choose-activation").input_value() == "gelu"
        assert page.locator("#choose-layer").input_value() == "dense"
        assert (
            page.locator(".answer pre").inner_text().strip()
            == recommend(activation="gelu", framework="Flax", depth=3).code
        )
        assert page.locator(".answer img").count() == 0


def test_the_code_is_copied(visit):
    with visit("en/choose.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator("form.choose input[value='yes']").check()
        page.locator(".answer button.copy").click()
        page.locator(".answer button.copy.done").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == recommend(residual=True).code


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_lab_knows_every_network_that_is_sent_to_it(visit, edition):
    """One of each activation: the lab opens with it."""
    with visit(f"{edition}/choose.html") as page:
        for activation in choose.CONTROLS["activation"]:
            page.locator("#choose-activation").select_option(activation)
            page.locator("form.choose input[value='3']").check()
            (href,) = page.eval_on_selector_all(".answer a[href^='lab.html']", "found => found.map(a => a.href)")
            assert f"activation={activation}" in href and "depth=3" in href
