/* The rule of winit/check/rule.py, line by line: `winitJudge(exercise, answers, language)` returns {mark, text}.
 *
 * `exercise` is what `Exercise.as_data` exports, `answers` holds one number, text or null for each part, `language` is
 * "ko" or "en". The docstring of `verdict` states the rule; a test compares the two on every exercise. */
(function (root) {
  "use strict";
  const LANGUAGES = ["ko", "en"], UNFILLED = "…", RIGHT = "✓", WRONG = "✗";
  const HALF = 0.5 * (1 + 1e-9);
  const ROOT = "(√?)((?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)";
  const NUMBER = new RegExp("^([+-]?)" + ROOT + "(?: */ *" + ROOT + ")?$");

  function judge(exercise, answers, language) {
    const parts = exercise.parts, words = exercise.words, tongue = LANGUAGES.indexOf(language);
    const wrong = (text, at, values) => {
      const label = at === null || parts.length === 1 ? "" : parts[at].label[tongue] + ": ";
      let sentence = text[tongue];
      for (const name in values || {}) sentence = sentence.split("{" + name + "}").join(String(values[name]));
      return { mark: WRONG, text: label + sentence };
    };
    if (answers.every((answer) => answer === null || (typeof answer === "string" && !answer.trim())))
      return { mark: UNFILLED, text: "" };
    if (answers.length !== parts.length)
      return wrong(words[parts.length === 1 ? "number" : "count"], null, { count: parts.length });
    const choose = exercise.kind === "choices";
    const given = answers.map((answer, i) => (choose ? choice(answer, parts[i].choices) : number(answer)));
    const unread = given.indexOf(null);
    if (unread >= 0) {
      const choices = choose ? parts[unread].choices.join(", ") : "";
      return wrong(words[choose ? "choice" : "number"], unread, { choices: choices });
    }
    const hits = given.map((each, i) =>
      choose ? parts[i].right.includes(each) : agrees(each, parts[i].right, parts[i]));
    const explained = (values) =>
      given.every((each, i) => (values[i] === null ? hits[i] : agrees(each, values[i], parts[i])));

    if (hits.every(Boolean) || exercise.also.some(explained)) return { mark: RIGHT, text: words.right[tongue] };
    const first = hits.indexOf(false), part = parts[first], value = given[first];
    const right = hits.filter(Boolean).length;
    if (choose) {
      const some = wrong(words.some, null, { right: right, total: hits.length }).text;
      return { mark: WRONG, text: some + " " + wrong(part.hint, first).text };
    }
    for (const mistake of exercise.mistakes)
      if (explained(mistake.values)) return wrong(mistake.words, right === hits.length - 1 ? first : null);
    for (const mistake of exercise.mistakes)
      if (mistake.values[first] !== null && agrees(value, mistake.values[first], part)) return wrong(mistake.words, first);
    if (rounded(value, part.right)) return wrong(words.digits, first, { digits: part.digits });
    if (value * part.right < 0) return wrong(words.sign, first);
    if (significant(value)[0] > 1)
      for (const [factor, name] of exercise.factors)
        if (agrees(value, factor * part.right, part)) return wrong(words.factor, first, { factor: name });
    return wrong(words[value > part.right ? "large" : "small"], first);
  }

  function number(answer) {
    if (typeof answer !== "string") return typeof answer === "number" && Number.isFinite(answer) ? answer : null;
    const found = NUMBER.exec(answer.trim().replace(/−/g, "-"));
    if (!found) return null;
    const [, sign, rootAbove, top, rootBelow, bottom] = found;
    const above = rootAbove ? Math.sqrt(Number(top)) : Number(top);
    const below = bottom === undefined ? 1 : rootBelow ? Math.sqrt(Number(bottom)) : Number(bottom);
    const value = below ? above / below : Infinity;
    return Number.isFinite(value) ? (sign === "-" ? -value : value) : null;
  }

  function choice(answer, choices) {
    const name = typeof answer === "string" ? answer.trim().toLowerCase() : null;
    return choices.includes(name) ? name : null;
  }

  function agrees(given, value, part) {
    if (Math.abs(given - value) <= part.tolerance * Math.max(Math.abs(value), 1e-9)) return true;
    const [digits, exponent] = significant(given);
    return Math.max(digits, exponent + 1) >= part.digits && rounded(given, value);
  }

  function rounded(given, value) {
    const [digits, exponent] = significant(given);
    const unit = Number("1e" + (significant(value)[1] - Math.max(digits, exponent + 1) + 1));
    return given !== 0 && Math.abs(given - value) <= HALF * unit;
  }

  function significant(x) {
    const [digits, exponent] = Math.abs(x).toExponential().split("e");
    return [digits.replace(".", "").length, Number(exponent)];
  }

  root.winitJudge = judge;
})(globalThis);
