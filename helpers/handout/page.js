// Explorers and concordances without a kernel: the plain forms of a page become live controls.
// Python says what a word is and where it stands, and writes each passage as it is to be read;
// this only finds passages and marks words in them. It reads nothing as markup.
"use strict";

const corpus = JSON.parse(document.getElementById("corpus")?.textContent ?? '{"documents": [], "passages": []}');
const PAGE_SIZE = { explorer: 10, concordance: 25 };
const NOTHING_FITS = "Nothing fits; take a condition away or change the words.";
const TYPOGRAPHY = /[\xa0«»\u2010-\u2027]/gu;

/** A request that cannot be answered; its message says what to change. */
class Sentence extends Error {}

// --- the corpus ---------------------------------------------------------------------------
const home = document.getElementById("cards")?.content ?? document; // the reader has no others
const cards = new Map([...home.querySelectorAll("[data-passage]")].map((card) => [card.dataset.passage, card]));
const documents = new Map(corpus.documents.map((item) => [item.id, item]));
for (const passage of corpus.passages) {
  passage.document = documents.get(passage.document);
  passage.speakers = passage.quotes.map(([, , speaker]) => speaker);
  passage.tokens = passage.tokens.map(([word, start, end]) => ({ word: corpus.words[word], start, end }));
  // By characters as Python counts them, not by the halves in which JavaScript keeps some.
  passage.text = [...cards.get(passage.id).querySelector("blockquote").textContent];
}

const slice = (passage, start, end) => passage.text.slice(start, end).join("");
// --- words, as helpers/words.py folds them ------------------------------------------------
const foldCase = (sign) => (sign === "ı" ? sign : sign.toLowerCase().toUpperCase().toLowerCase());
/** Whether a mark is an accent: one that changes places with other accents when they are sorted. */
function isAccent(mark) {
  const moves = (text) => text.normalize("NFD") !== text;
  return moves(`\u0345${mark}`) || moves(`${mark}\u0334`);
}

function fold(word) {
  const plain = [...word.normalize("NFKD")].map(foldCase).join("").normalize("NFKD");
  return [...plain].filter((c) => /[\p{L}\p{N}]/u.test(c) || (/\p{M}/u.test(c) && !isAccent(c))).join("");
}

function tokenize(text) {
  const found = [...text.replace(TYPOGRAPHY, " ").matchAll(/[\p{L}\p{N}\p{M}\xad]+/gu)];
  return found.map(({ 0: word, index }) => ({ word: fold(word), end: index + word.length })).filter(({ word }) => word);
}

// --- what was typed -----------------------------------------------------------------------
const quotePart = (part) => `‘${part.trim()}’`;

/** The terms of a query, all of which a passage must hold: words, prefix*, "phrases". */
function readQuery(text) {
  const plain = text.replace(/[“”„‟«»＂]/g, '"').replace(/[‘’‛ʼ]/g, "'");
  if (!plain.trim()) return [];
  const odd = plain.split('"').length % 2 === 0 && quotePart(plain.slice(plain.lastIndexOf('"')));
  if (odd) throw new Sentence(`The quotation mark in ${odd} is never closed; add the closing one.`);
  const operator = plain.replace(/"[^"]*"/g, " ").match(/NEAR(?=\s*\()|[()]|(?<!\S)(OR|NOT)(?!\S)/u);
  if (operator) throw new Sentence(`‘${operator[0]}’ works in JupyterLab only; here write words, prefix* or “phrase”.`);
  const items = plain.match(/"[^"]*"\**|[^\s"]+/gu).map((part) => (part === "AND" ? part : readTerm(part)));
  return joinTerms(items.filter(Boolean), plain);
}

function joinTerms(items, plain) {
  if (!items.length) throw new Sentence(`There is no word to find in ${quotePart(plain)}; type one, as in: peace.`);
  const padded = ["AND", ...items, "AND"];
  if (padded.some((item, place) => item === "AND" && padded[place + 1] === "AND")) {
    throw new Sentence("‘AND’ needs a word on each side, as in: war AND peace; put one there or delete it.");
  }
  return items.filter((item) => item !== "AND");
}

function readTerm(part) {
  const bare = part.replaceAll('"', "").trim().split(/\s+/u).join(" ");
  const words = tokenize(bare);
  const star = bare.indexOf("*");
  if (star >= 0 && words.at(-1)?.end !== star) {
    throw new Sentence(`In ${quotePart(part)} the star is misplaced; put it behind the first letters, as in: prevent*.`);
  }
  if (star < 0 && part.includes('"') && !words.length) {
    throw new Sentence(`There is no word in ${quotePart(part)}; type one between the marks.`);
  }
  return words.length ? { words: words.map((token) => token.word), prefix: star >= 0 } : null;
}

// --- finding ------------------------------------------------------------------------------
function isTerm({ words, prefix }, tokens, place) {
  return words.every((word, step) => {
    const found = tokens[place + step]?.word ?? "";
    return prefix && step === words.length - 1 ? found.startsWith(word) : found === word;
  });
}

/** Where a term stands in a passage, as [start, end] in characters. */
function findTerm(term, { tokens }) {
  const end = (place) => tokens[place + term.words.length - 1].end;
  return tokens.flatMap(({ start }, place) => (isTerm(term, tokens, place) ? [[start, end(place)]] : []));
}

/** Where the words asked for stand, or else what marks the theme: each place once, in order. */
function findHits(terms, passage, theme = "") {
  if (!terms.length) return (passage.themes[theme] ?? []).map((span) => [...span]);
  const spans = terms.flatMap((term) => findTerm(term, passage)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return spans.filter((span, place) => !place || String(span) !== String(spans[place - 1]));
}

function isWithin(year, [from, to]) {
  if (year === null) return from === null && to === null;
  return year >= (from ?? year) && year <= (to ?? year);
}

/** The passages that fit, with how many of how many and what was asked, as in Python. */
function findPassages({ query = "", theme = "", document = "", speaker = "", years = [null, null], documents: ids }) {
  const terms = readQuery(query);
  const [from, to] = years;
  if (from !== null && to !== null && from > to) {
    throw new Sentence(`The years ${from}–${to} are the wrong way round; write ${to}–${from}.`);
  }
  const scope = corpus.passages.filter((passage) => !ids || ids.includes(passage.document.id));
  const passages = scope.filter((passage) =>
    (!theme || theme in passage.themes) &&
    (!document || passage.document.id === document) &&
    (!speaker || passage.speakers.includes(speaker)) &&
    isWithin(passage.document.year, years) &&
    terms.every((term) => findTerm(term, passage).length));
  const asked = Object.entries({ query: terms.length ? query.trim() : "", theme, document, speaker });
  const parts = asked.filter(([, value]) => value).map((pair) => pair.join(" "));
  if (years.some((year) => year !== null)) parts.push(`years ${years.map((year) => year ?? "…").join("–")}`);
  const title = `${passages.length} of ${scope.length} passages`;
  return { terms, theme, passages, title, conditions: parts.join(" · ") || "all passages" };
}

/** The lines of one passage: each hit with `window` words before and after it. */
function findLines(terms, passage, window) {
  return findHits(terms, passage).map(([start, end]) => {
    const before = passage.tokens.filter((token) => token.end <= start).reverse();
    const after = passage.tokens.filter((token) => token.start >= end);
    const starts = [start, ...before.map((token) => token.start), 0];
    const ends = [end, ...after.map((token) => token.end), passage.text.length];
    return {
      passage,
      left: slice(passage, starts[Math.min(window, starts.length - 1)], start),
      node: slice(passage, start, end),
      right: slice(passage, end, ends[Math.min(window, ends.length - 1)]),
      before: before.slice(0, window).map((token) => token.word),
      after: after.slice(0, window).map((token) => token.word),
      speaker: passage.quotes.find((quote) => quote[0] <= start && start < quote[1])?.[2] ?? "",
    };
  });
}

const ORDERS = {
  corpus: () => [],
  left: (line) => line.before,
  right: (line) => line.after,
  date: (line) => [line.passage.document.date],
  document: (line) => [line.passage.document.id],
  speaker: (line) => [line.speaker ? "" : "?", line.speaker],
};

function compare(a, b) {
  const place = a.findIndex((item, index) => item !== b[index]);
  if (place < 0) return a.length - b.length;
  return place >= b.length || a[place] > b[place] ? 1 : -1;
}

/** Every occurrence with the words around it, as helpers/kwic.py gives them. */
function findConcordance({ window = 8, sort = "corpus", ...conditions }) {
  if (!(window >= 0)) throw new Sentence(`A window of ${window} words is impossible; take 0 or more.`);
  const found = findPassages(conditions);
  if (!found.terms.length) throw new Sentence("A concordance needs a word to look for; type one, as in: preempt*.");
  const lines = found.passages.flatMap((passage) => findLines(found.terms, passage, window));
  lines.sort((a, b) => compare(ORDERS[sort](a), ORDERS[sort](b)));
  const title = `${lines.length} ${lines.length === 1 ? "line" : "lines"} in ${found.title}`;
  return { lines, title, conditions: `${found.conditions} · ${window} words on each side · order: ${sort}` };
}

// --- showing ------------------------------------------------------------------------------
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The text of a passage with its hits marked; hits that overlap share a mark. */
function markHits(passage, hits) {
  const pieces = [];
  let position = 0;
  hits.forEach(([start, end], place) => {
    const next = hits[place + 1];
    if (next && next[0] < end) next.splice(0, 2, start, Math.max(end, next[1]));
    else {
      pieces.push(slice(passage, position, start), make("mark", {}, slice(passage, start, end)));
      position = end;
    }
  });
  return [...pieces, slice(passage, position)];
}

function showPassage(passage, { terms, theme }, whole) {
  const card = whole ? cards.get(passage.id) : document.importNode(cards.get(passage.id), true);
  card.querySelector("blockquote").replaceChildren(...markHits(passage, findHits(terms, passage, theme)));
  return card;
}

function showLines(lines) {
  const head = ["passage", "left", "found", "right"].map((name) => make("th", { scope: "col" }, name));
  const rows = lines.map(({ passage, left, node, right }) => {
    const link = make("a", { href: `reader.html#${passage.id.replace("#", "-")}` }, passage.id);
    return make("tr", {}, ...[link, left, make("mark", {}, node), right].map((cell) => make("td", {}, cell)));
  });
  const parts = [make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)];
  return make("div", { className: "wide" }, make("table", { className: "kwic" }, ...parts));
}

function makeChoice(name, values, chosen = "", first = [["", `any ${name}`]]) {
  const known = [...new Set([...values, chosen])].filter(Boolean).map((value) => [value, value]);
  const options = [...first, ...known].map(([value, text]) => make("option", { value }, text));
  return Object.assign(make("select", { name }, ...options), { value: chosen });
}

function makeControls(kind, settings, ids) {
  const known = ids.map((id) => documents.get(id).year).filter((year) => year !== null);
  const limits = { type: "number", min: Math.min(...known), max: Math.max(...known) };
  const scope = corpus.passages.filter((passage) => ids.includes(passage.document.id));
  const speakers = [...new Set(scope.flatMap((passage) => passage.speakers))].filter(Boolean).sort();
  const fields = {
    Words: make("input", { type: "search", name: "query", value: settings.query ?? "", spellcheck: false }),
    ...(kind === "concordance" && {
      "Words on each side": make("input", { type: "number", name: "window", min: 0, value: settings.window ?? 8 }),
      Order: makeChoice("sort", Object.keys(ORDERS), settings.sort ?? "corpus", []),
    }),
    Theme: makeChoice("theme", corpus.themes, settings.theme),
    Document: makeChoice("document", ids, settings.document),
    Speaker: makeChoice("speaker", speakers, settings.speaker),
    "From year": make("input", { name: "first", ...limits, value: settings.years?.[0] ?? limits.min }),
    "To year": make("input", { name: "last", ...limits, value: settings.years?.[1] ?? limits.max }),
  };
  const labels = Object.entries(fields).map(([text, control]) => make("label", {}, text, control));
  return make("form", { className: "controls", onsubmit: (event) => event.preventDefault() }, ...labels);
}

/** What the controls ask for; a year at its limit leaves that side open. */
function readControls({ elements: { query, theme, document, speaker, first, last, window, sort } }, { documents }) {
  const [from, to] = [first.valueAsNumber, last.valueAsNumber];
  const years = [from > first.min ? from : null, to < last.max ? to : null];
  const asked = { query: query.value, theme: theme.value, document: document.value, speaker: speaker.value, years, documents };
  return window ? { ...asked, window: Math.trunc(window.valueAsNumber || 0), sort: sort.value } : asked;
}

/** Put live controls over a plain form; what cannot be read leaves the last result standing. */
function liven(form) {
  const kind = "explorer" in form.dataset ? "explorer" : "concordance";
  const settings = JSON.parse(form.dataset[kind]);
  const ids = settings.documents ?? [...documents.keys()];
  if (!ids.every((id) => documents.has(id))) return; // a corpus that this page does not carry
  const size = settings.whole ? Infinity : PAGE_SIZE[kind];
  const controls = makeControls(kind, settings, ids);
  const turn = (step) => ({ type: "button", onclick: () => answer(step) });
  const [previous, next] = [make("button", turn(-size), `Previous ${size}`), make("button", turn(size), `Next ${size}`)];
  const pages = make("div", { className: "pages", hidden: true }, previous, next);
  const status = make("div", { role: "status" });
  const results = make("div", { className: "tt" }, ...form.childNodes);
  let from = 0;

  function show({ lines, passages, title, conditions, ...asked }) {
    const items = lines ?? passages;
    const shown = items.slice(from, from + size);
    if (settings.whole) for (const [id, card] of cards) card.hidden = !passages.some((passage) => passage.id === id);
    const pieces = lines ? [showLines(shown)] : shown.map((passage) => showPassage(passage, asked, settings.whole));
    if (!settings.whole) results.replaceChildren(...(shown.length ? pieces : [make("p", {}, NOTHING_FITS)]));
    pages.hidden = items.length <= size;
    previous.disabled = from === 0;
    next.disabled = from + size >= items.length;
    const part = items.length > size ? `, ${from + 1} to ${from + shown.length} shown` : "";
    status.textContent = `${title}${part} — ${conditions}`;
    reachWide();
  }

  function answer(step) {
    try {
      const found = (kind === "explorer" ? findPassages : findConcordance)(readControls(controls, settings));
      from = Math.max(0, from + step);
      show(found);
    } catch (error) {
      if (!(error instanceof Sentence)) throw error;
      status.textContent = `${error.message} What stands below is the last result.`;
    }
  }

  controls.addEventListener("input", () => answer(-Infinity));
  form.replaceChildren(controls, status, results, pages);
  answer(0);
}

/** What scrolls sideways must be reached with the keyboard, too. */
function reachWide() {
  for (const box of document.querySelectorAll(".wide")) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
}

document.querySelectorAll("[data-explorer], [data-concordance]").forEach(liven);
reachWide();
addEventListener("resize", reachWide);
