"""The hooks that chapter 12 tells its readers to copy do what it says."""

import re

import pytest
from page_sources import listings, sources

HOOKS, *OTHERS = (
    next(text for _, text in listings(path) if text.startswith("import torch")) for path in sources("12_debug_clinic")
)


def test_the_editions_print_the_same_listing():
    assert OTHERS and set(OTHERS) == {HOOKS}
    compile(HOOKS, "listing", "exec")


@pytest.mark.peers
def test_the_hooks(capsys):
    import torch

    torch.manual_seed(0)
    first, last = torch.nn.Linear(8, 16), torch.nn.Linear(16, 4)
    x, labels = torch.randn(32, 8), torch.arange(32) % 4
    z = first(x)
    z.retain_grad()
    torch.nn.functional.cross_entropy(last(z.relu()), labels).backward()
    expected = [z.square().mean().sqrt(), z.std(0).mean(), 32 * z.grad.square().mean().sqrt()]

    scope = {}
    exec(HOOKS, scope)
    model = torch.nn.Sequential(first, torch.nn.ReLU(), last)
    scope["check_up"](model, x, lambda logits: torch.nn.functional.cross_entropy(logits, labels))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    seen = [float(number) for number in re.findall(r"(?:z|samples|δ) +([\d.e-]+)", lines[0])]
    assert seen == pytest.approx([value.item() for value in expected], rel=0.05)
    assert not first._forward_hooks
