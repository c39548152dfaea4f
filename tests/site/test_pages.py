"""Every page of both editions opens without a kernel, a network or an error, however it is served."""

import pytest
from the_site import EDITIONS, pages


@pytest.mark.parametrize("base", ["root", "subpath", "file"])
def test_pages_open_in_silence(tour, base):
    with tour(base=base) as go:
        for path in ["index.html", *(page for edition in EDITIONS for page in pages(edition))]:
            assert go(path).title()
