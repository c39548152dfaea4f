"""Every page of both editions opens without a kernel, a network or an error, however it is served.

At the root of a server test_accessibility.py opens them all, watched in the same way.
"""

import pytest
from the_site import EDITIONS, pages


@pytest.mark.parametrize("base", ["subpath", "file"])
def test_pages_open_in_silence(tour, base):
    with tour(base=base) as go:
        for path in ["index.html", *(page for edition in EDITIONS for page in pages(edition))]:
            assert go(path).title()
