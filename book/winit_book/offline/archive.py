"""The zip: the site less what its pages can do without, the notebooks without their outputs, a wheel of `winit`."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from ..building.editions import Edition, stop
from ..building.stripped import strip

NAME = "winit-offline"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every file: the same course gives the same zip
UNUSED = (".map", ".ttf")  # for debuggers, and for browsers that know no woff2


def write_zip(site: Path, editions: list[Edition], wheel: Path, target: Path) -> None:
    """The site, the notebooks of all editions and the wheel in one file."""
    readme = "\n".join(edition.catalogue["offline"].format(wheel=wheel.name) for edition in editions)
    files = {"README.txt": readme.encode(), wheel.name: wheel.read_bytes()}
    for path in site.rglob("*"):
        name = path.relative_to(site)
        if path.is_file() and path.suffix not in UNUSED and "_sources" not in name.parts:
            files[f"site/{name.as_posix()}"] = path.read_bytes()
    for edition in editions:
        for path in edition.sources:
            content = path.read_text("utf8")  # outputs stand on the pages, and twice they would not fit
            content = strip(content, edition) if path.suffix == ".ipynb" else content
            files[f"chapters/{edition.language}/{path.name}"] = content.encode()
        for page in edition.pages:  # their notebooks lie in chapters/ now
            name = f"site/{edition.language}/{page}.html"
            moved = f'href="../../chapters/{edition.language}/'.encode()
            files[name] = files[name].replace(b'href="_sources/', moved)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{NAME}/{name}", EPOCH), files[name], zipfile.ZIP_DEFLATED)


def build_wheel(root: Path, folder: Path) -> Path:
    """The wheel of `winit`, the same bytes in every build."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": "315532800"}
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", folder, root]
    if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
        raise stop("the wheel of winit could not be built, see above")
    return next(folder.glob("*.whl"))
