"""Search, edition by edition: Korean, for which Sphinx has nothing, and search without a server."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.search import SearchLanguage


class SearchKorean(SearchLanguage):
    """The index holds Korean words as they are written; particles and compounds are the query's matter.

    A word of the query finds every indexed word that contains it: 분산 finds 분산이 and 표본분산. So a particle has to
    fall off the query only, by rules that stand in one place, search_ko.js. A rule that takes too much (정확도 becomes
    정확) may find a page too many but never misses one.
    """

    lang = "ko"
    language_name = "Korean"
    js_splitter_code = Path(__file__).with_name("search_ko.js").read_text("utf8")

    # Hangul apart from the rest: “ReLU를” is found as ReLU, “fan_in은” as fan_in
    words = re.compile(r"[가-힣]+|[^\W가-힣]+")

    def split(self, input):
        return self.words.findall(input)


def setup(app):
    app.add_search_language(SearchKorean)
    app.connect("html-page-context", _add_script)


def _add_script(app, pagename, templatename, context, doctree):
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")
