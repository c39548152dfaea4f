"""A table that must hold a row for each activation or initializer says so in one sentence, with the file to edit."""


def assert_rows(place, rows, wanted, cure):
    """`place` is file and table; `cure` says what a row of it holds."""
    lacking = [name for name in wanted if name not in rows]
    assert not lacking, f"{place} lacks {', '.join(map(repr, lacking))}: {cure}"
    unknown = [name for name in rows if name not in wanted]
    assert not unknown, f"{place} holds {', '.join(map(repr, unknown))}, which is no row of winit: take it out"
