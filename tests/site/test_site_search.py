"""Search on the real site; test_search.py tries the rules on a book of its own."""

import pytest


@pytest.mark.parametrize("base", ["root", "file"])
@pytest.mark.parametrize("edition, queries", [("ko", ["분산", "분산의", "가중치를", "fan_in"]), ("en", ["variances"])])
def test_chapter_02_is_found(search, edition, queries, base):
    for query, found in zip(queries, search(edition, *queries, base=base)):
        assert "02_fan_in_fan_out.html" in found, query
