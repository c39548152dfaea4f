/* Which sections answer a query, best first. An index (search-index.js, made by content/search.py) holds `pages`, their titles,
 * `parts`, each [page, anchor, title, prose, code, share], and `names`, rows of names for the same thing. */
const sectionSearch = ({ pages, parts, names }) => {
  const CODE = 0.3, TITLE = 1; // what a word counts there, beside 1 in prose
  const FULL = 1.2, LONG = 0.4; // BM25: how soon more of a word counts no more, and how much a long text is held against it

  /* ---- words. The index holds them as they are written; what inflects a word falls off the query only ---- */
  const WORD = /\d+(?:\.\d+)*(?:e[+-]?\d+)?|[가-힣]+|(?![가-힣])\p{L}(?:(?![가-힣])[\p{L}\p{M}\p{N}])*/giu;
  const HANGUL = /[가-힣]/;
  const plain = (text) => text.normalize("NFKC").toLowerCase(); // µ as in micro is μ
  const split = (text) => plain(text).match(WORD) ?? [];
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const add = (sums, key, value) => sums.set(key, (sums.get(key) ?? 0) + value);

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
  const PARTICLE = new RegExp(`([가-힣]{2,}?|[\\wα-ω)])(?:${PARTICLES.join(" ").replaceAll(" ", "|")})+(?![가-힣])`, "g");

  // What a question is asked with; it counts only where there is nothing else.
  const ASKING = new Set(
    ("왜 안 못 뭐 무엇 어떤 어떻게 언제 어디 얼마 좀 " +
      "a an the of to in on for with and or is are be do does did i my it that this what why when where which how should can not").split(" "),
  );

  // initializing, initialisation: what begins with initializ; but bias, loss and relu are whole
  const ENDING = /(?<=\p{L}{4})(?:ations?|ing|ed|es|e|(?<![aisu])s)$/u;

  function stems(word) {
    if (HANGUL.test(word) || !/^\p{L}{3}/u.test(word)) return [word];
    const stem = word.replace(ENDING, "");
    return [word, stem, stem.replace(/is$/, "iz")];
  }

  /* ---- what stands where: word → part → weight, in its text and in its title; a page is a long text ---- */
  const texts = new Map(), titles = new Map();
  const lengths = { parts: parts.map(() => 0), pages: {} };

  function note(index, words, number, weight) {
    for (const word of words) {
      if (!index.has(word)) index.set(word, new Map());
      add(index.get(word), number, weight);
    }
    return words.length * weight;
  }
  parts.forEach(([page, anchor, title, prose, code], number) => {
    const heading = split(title);
    note(titles, heading, number, (title === anchor ? CODE : 1) / Math.sqrt(heading.length));
    const length = note(texts, split(prose), number, 1) + note(texts, split(code), number, CODE) + note(texts, heading, number, 1);
    note(texts, split(pages[page]), number, 0.3);
    lengths.parts[number] = length;
    lengths.pages[page] = (lengths.pages[page] ?? 0) + length;
  });

  // How well a word of the index answers one of the query, and which letters of it do. A Korean word is found inside
  // others, 분산 in 분산이 and 표본분산, a Latin one of three letters at their beginning; a number is itself.
  function answer(stem, word) {
    if (word === stem) return 1;
    const inside = HANGUL.test(stem), opens = stem.length > 2 && /^(?:\p{L}|\d+\.)/u.test(stem);
    const at = inside || opens ? word.indexOf(stem) : -1;
    return at === 0 ? 0.8 : at > 0 && inside ? 0.4 : 0;
  }

  const looked = new Map();
  function look(word) {
    if (looked.has(word)) return looked.get(word);
    const found = { text: new Map(), title: new Map(), words: new Map() };
    const asked = stems(word);
    for (const [other, places] of texts) {
      const stem = asked.find((one) => answer(one, other));
      if (!stem) continue;
      const quality = answer(stem, other);
      found.words.set(other, stem);
      for (const [part, weight] of places) add(found.text, part, quality * weight);
      for (const [part, weight] of titles.get(other) ?? []) add(found.title, part, quality * weight);
    }
    looked.set(word, found);
    return found;
  }

  /* ---- names: a run of words that is one of them is looked for under all of them ---- */
  const joined = (words) => words.join("");
  const named = new Map(names.flatMap((row) => row.map((name) => [joined(split(name)), row.map(split)])));
  const namesOf = (words) => named.get(joined(words)) ?? named.get(joined(words).replace(/s$/, ""));

  // 자비에 is a name, though 에 might be a particle
  function bare(word, stem) {
    for (let end = word.length; end > stem.length; end--) if (named.has(word.slice(0, end))) return `${word.slice(0, end)} `;
    return `${stem} `;
  }

  // Both 기울기소실 and 기울기 소실 are right: what no page writes in one piece is looked for in pieces.
  function pieces(word) {
    if (word.length < 4 || !HANGUL.test(word) || namesOf([word]) || look(word).text.size) return [word];
    for (let cut = word.length - 2; cut >= 2; cut--) {
      const found = [word.slice(0, cut), ...pieces(word.slice(cut))];
      if (found.every((piece) => look(piece).text.size)) return found;
    }
    return [word];
  }

  // A query is a list of ideas, an idea a list of names, a name a list of words.
  function ideas(query) {
    const words = split(plain(query).replace(PARTICLE, bare)).flatMap(pieces);
    const found = [];
    for (let start = 0; start < words.length; ) {
      let end = Math.min(words.length, start + 4);
      while (end > start + 1 && !namesOf(words.slice(start, end))) end--;
      const own = words.slice(start, end);
      found.push(namesOf(own) ?? [own]);
      start = end;
    }
    const telling = found.filter(([name]) => !ASKING.has(joined(name)));
    return telling.length ? telling : found;
  }

  function weigh(idea) {
    const text = new Map(), title = new Map(), words = new Map();
    for (const name of idea) {
      const found = name.map(look); // a place has all words of a name, or not the name
      for (const [part] of found[0].text) {
        const weight = Math.min(...found.map((one) => one.text.get(part) ?? 0));
        const shares = found.map((one) => one.title.get(part) ?? 0);
        if (weight) add(text, part, weight);
        if (weight && Math.min(...shares)) add(title, part, sum(shares));
      }
      for (const one of found) for (const [word, stem] of one.words) words.set(word, stem);
    }
    return { text, title, words };
  }

  // BM25 over texts of these lengths, times the share of the query that stands in the text; the best has 1
  function rank(found, long, bonus = []) {
    const all = Object.values(long), mean = sum(all) / all.length;
    const rare = found.map((places) => Math.log(1 + (all.length - places.size + 0.5) / (places.size + 0.5)));
    const scores = new Map(), covered = new Map();
    found.forEach((places, idea) => {
      for (const [place, weight] of places) {
        const often = weight / (weight + FULL * (1 - LONG + (LONG * long[place]) / mean));
        add(scores, place, rare[idea] * (often + TITLE * Math.min(1, bonus[idea]?.get(place) ?? 0)));
        add(covered, place, rare[idea] / sum(rare));
      }
    });
    for (const [place, share] of covered) scores.set(place, scores.get(place) * share);
    const best = Math.max(...scores.values());
    for (const [place, score] of scores) scores.set(place, score / best);
    return scores;
  }

  function search(query) {
    const known = ideas(query).map(weigh).filter((idea) => idea.text.size);
    const byPage = known.map(({ text }) => {
      const places = new Map();
      for (const [part, weight] of text) add(places, parts[part][0], weight);
      return places;
    });
    const sections = rank(known.map((idea) => idea.text), lengths.parts, known.map((idea) => idea.title));
    const around = rank(byPage, lengths.pages);
    // a section on a page that is about the same thing
    const hits = [...sections].map(([part, score]) => ({ part, score: parts[part][5] * (score + around.get(parts[part][0])) }));
    return { known, hits: hits.sort((one, other) => other.score - one.score) };
  }

  /* ---- where the words stand in a text, and where most of them stand together ---- */
  function marks(text, known) {
    const found = [];
    for (const match of text.matchAll(WORD)) {
      const word = plain(match[0]);
      const idea = known.findIndex(({ words }) => words.has(word));
      if (idea < 0) continue;
      const stem = known[idea].words.get(word);
      const start = match.index + (HANGUL.test(stem) ? word.indexOf(stem) : 0);
      found.push({ idea, start, end: HANGUL.test(stem) ? start + stem.length : match.index + match[0].length });
    }
    return found;
  }

  function densest(found, width) {
    let best = { ideas: 0, start: 0 };
    found.forEach(({ start }, first) => {
      const near = new Set(found.slice(first).filter(({ end }) => end <= start + width).map(({ idea }) => idea));
      if (near.size > best.ideas) best = { ideas: near.size, start };
    });
    return best;
  }

  return { ideas, search, marks, densest };
};
