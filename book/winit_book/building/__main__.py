"""`make book`: `python -m winit_book.building`, from the root of the repository."""

from pathlib import Path

from .made import sources_of_site, stands


def main(root: Path) -> None:
    """Make the site, unless nothing has changed since it was made."""
    if stands(root / "_build" / "html", sources_of_site(root)):
        print("nothing has changed since _build/html was made")
    else:
        from .site import make  # slow to import

        make(root)


if __name__ == "__main__":
    main(Path.cwd())
