"""Every page of both editions opens without a kernel, a network or an error, however it is served."""

import pytest
from the_site import EDITIONS, pages


@pytest.mark.parametrize("base", ["root", "subpath", "file"])
def test_pages_open_in_silence(visit, base):
    for path in ["index.html", *(page for edition in EDITIONS for page in pages(edition))]:
        with visit(path, base=base) as page:
            assert page.title()
