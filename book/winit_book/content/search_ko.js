/* Search in Korean. This joins language_data.js of the Korean edition, after searchtools.js: there `splitQuery` makes
 * words of a query and `Search.performTermsSearch` looks them up in the index. The index holds words as they are
 * written, 분산이 and 분산을; here the particles fall off the query, and the rest is found inside the indexed words. */
{
  // What follows a noun without a space, or Latin letters or a closing bracket. One particle may follow another.
  const PARTICLES = [
    "은 는 이 가 을 를 의 도 만 과 와 나 이나 란 이란 라는 이라는",
    "에 에서 에게 에선 엔 로 으로 로서 으로서 로써 으로써 께 께서 한테",
    "까지 부터 보다 처럼 마다 마저 조차 밖에 뿐 만큼 대로 들",
    "이다 입니다 인 이며 이고 이면 이므로 이지만",
    "하다 한다 합니다 하는 하고 하며 하면 하여 하지 하기 하게 해 해서 한 할 함 했다",
    "되다 된다 됩니다 되는 되고 되며 되면 되어 되지 되기 돼 돼서 된 될 됨 됐다",
    "시키다 시킨다 시킵니다 시키는 시키고 시키면 시켜 시킨 시킬",
  ];
  // Two syllables always stay, and with them 깊이, 차이, 가로, 의의 and 정의.
  const ANY = PARTICLES.join(" ").replaceAll(" ", "|");
  const PARTICLE = new RegExp(`([가-힣]{2,}?|[\\wα-ω)])(?:${ANY})+(?![가-힣])`, "g");
  const WORD = /[가-힣]+|(?:(?![가-힣])[\p{L}\p{N}_])+/gu; // as SearchKorean.words
  const HANGUL = /[가-힣]/;

  // A Korean word of any length is found inside others; Latin ones need three letters, as in Sphinx: no He in “the”.
  const holds = (term, word) => (word.length > 2 || HANGUL.test(word) ? term.includes(word) : term === word);
  const pagesIn = (table, word) => [
    ...new Set(Object.keys(table).flatMap((term) => (holds(term, word) ? table[term] : []))),
  ];
  const pagesOf = (word) => [...pagesIn(Search._index.terms, word), ...pagesIn(Search._index.titleterms, word)];

  // Both 기울기소실 and 기울기 소실 are right: what no page writes in one piece is looked for in pieces.
  function pieces(word) {
    if (word.length < 4 || !HANGUL.test(word) || pagesOf(word).length) return [word];
    for (let cut = word.length - 2; cut >= 2; cut--) {
      const found = [word.slice(0, cut), ...pieces(word.slice(cut))];
      if (found.every((piece) => pagesOf(piece).length)) return found;
    }
    return [word];
  }

  splitQuery = (query) => (query.normalize("NFC").replace(PARTICLE, "$1 ").match(WORD) ?? []).flatMap(pieces);

  // Sphinx looks inside words only for what has three letters and stands nowhere alone; shorter words may be missing.
  const performTermsSearch = Search.performTermsSearch;
  Search.performTermsSearch = (words, excluded) => {
    const { docnames, terms, titleterms } = Search._index;
    for (const word of words) {
      for (const table of [terms, titleterms]) {
        const pages = pagesIn(table, word);
        if (pages.length) table[word] = pages;
      }
    }
    const required = [...words].map((word) => new Set(pagesOf(word)));
    const onAll = ([docname]) => required.every((pages) => pages.has(docnames.indexOf(docname)));
    return performTermsSearch(words, excluded).filter(onAll);
  };
}
