/* The search: Material's dialog asks this worker, which ranks with MiniSearch.

   minisearch.js beside this file is MiniSearch 7.2.0 (MIT), its dist/umd/index.js put through
   esbuild --minify. Chinese needs no dictionary: a run of Chinese is indexed and asked for by its
   pairs of neighbouring characters. */
"use strict";

importScripts("minisearch.js");

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
const HAN = /[\u3400-\u9fff]+/gu;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_.+-]*/gu;

/* What a question is asked with, and not what it is about. */
const ASKING = /怎么办|怎么回事|怎么样|怎么|怎样|如何|为什么|为何|什么是|是什么|什么时候|什么|哪一?个|哪些|多少|多大|吗|呢|了|的|是|会|要|该|应该|可以|需要|请问|一下|有没有|不了|一直|老是|总是/gu;
const STOP = new Set(
  ("a an the of to in on at by for with from and or not no is are was were be been being do does did " +
    "how what why when where which who whom whose can could should would will may might must i my me " +
    "we our you your it its this that these those there if then than so as about into vs versus use " +
    "using used get set make need want way best good much many").split(" "),
);

/* A plural and its singular are one word, as are learn and learning. */
function stem(word) {
  if (word.length < 5 || /[_.\d]/.test(word)) return word;
  return word
    .replace(/(?:ies)$/, "y")
    .replace(/(?:sses)$/, "ss")
    .replace(/([^s])s$/, "$1")
    .replace(/(?:isation|ization)$/, "ise")
    .replace(/(?:ising|izing|ised|ized|ize)$/, "ise")
    .replace(/(.{3,}[^aeiou])(?:ing|ed|er)$/, "$1");
}

function pairs(run) {
  if (run.length === 1) return [run];
  return Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));
}

/* The terms of a text: pairs of Chinese characters; Latin words whole, and the parts of names of
   code, as label_smoothing, nn.CrossEntropyLoss or train/test. */
function terms(text) {
  const found = [];
  for (const [run] of text.matchAll(HAN)) found.push(...pairs(run));
  for (const [raw] of text.replace(HAN, " ").matchAll(WORD)) {
    const word = raw.replace(/[.+-]+$/, "");
    if (!word) continue;
    found.push(stem(word.toLowerCase()));
    const parts = word
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
      .split(/[\s_.+-]+/)
      .filter((part) => part.length > 1);
    if (parts.length > 1) found.push(...parts.map((part) => stem(part.toLowerCase())));
  }
  return found;
}

function asked(query) {
  const about = query.replace(ASKING, " ");
  const content = terms(about).filter((term) => !STOP.has(term));
  return content.length ? content : terms(query);
}

let index, documents;

function setup({ docs }) {
  const titles = new Map(
    docs.filter(({ location }) => !location.includes("#")).map((doc) => [doc.location, doc.title]),
  );
  documents = docs.map((doc, id) => {
    const [page, section] = doc.location.split("#");
    const clean = (text) => (text ?? "").replaceAll("\u200b", "");
    return {
      id,
      location: doc.location,
      title: clean(doc.title),
      text: clean(doc.text),
      asked: (doc.asked ?? []).join("\n"),
      code: (doc.code ?? []).join(" "),
      page: section ? clean(titles.get(page)) : "",
      whole: !section,
    };
  });
  index = new MiniSearch({
    fields: ["title", "asked", "page", "text", "code"],
    tokenize: (text) => terms(text.replace(/<[^>]*>/g, " ")),
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 4, asked: 5, page: 0.6, text: 1, code: 1.5 },
      prefix: (term) => /^[a-z]/.test(term) && term.length > 2,
      fuzzy: (term) => (/^[a-z]/.test(term) && term.length > 4 ? 0.22 : false),
      weights: { fuzzy: 0.35, prefix: 0.55 },
      tokenize: asked,
      bm25: { k: 1.2, b: 0.5, d: 0.4 },
    },
  });
  index.addAll(documents);
}

/* What of the query a text holds, as the reader wrote it: for marking it on the page. */
function marks(query) {
  const about = query.replace(ASKING, " ");
  const runs = [...about.matchAll(HAN)].map(([run]) => run);
  const words = [...about.replace(HAN, " ").matchAll(WORD)]
    .map(([word]) => word)
    .filter((word) => !STOP.has(word.toLowerCase()));
  return [...runs, ...words];
}

function marked(text, words) {
  for (const word of words) {
    const safe = word.replace(/[|\\{}()[\]^$+*?.-]/g, "\\$&");
    text = text.replace(new RegExp(`(?![^<]*>)${safe}`, "giu"), "<mark>$&</mark>");
  }
  return text;
}

/* The beginning of a text from shortly before the first word that was asked for. */
function teaser(text, words) {
  const plain = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  const lower = plain.toLowerCase();
  const places = words.map((word) => lower.indexOf(word.toLowerCase())).filter((at) => at >= 0);
  const at = places.length ? Math.max(0, Math.min(...places) - 30) : 0;
  return `${at ? "…" : ""}${plain.slice(at, at + 160)}`;
}

function search(query) {
  const wanted = new Set(asked(query));
  const words = marks(query);
  const found = index.search(query).map((hit) => {
    const share = new Set(hit.queryTerms).size / Math.max(1, wanted.size);
    const whole = documents[hit.id].whole ? 0.55 : 1;
    return { doc: documents[hit.id], score: hit.score * share ** 1.5 * whole };
  });
  found.sort((one, other) => other.score - one.score);
  const present = (doc) => `${doc.title} ${doc.text}`.toLowerCase();
  const items = found.slice(0, 30).map(({ doc, score }) => [
    {
      location: doc.location,
      title: marked(doc.page ? `${doc.title} · ${doc.page}` : doc.title, words),
      text: marked(teaser(doc.text, words), words),
      score,
      terms: Object.fromEntries(words.map((word) => [word, present(doc).includes(word.toLowerCase())])),
    },
  ]);
  return { items };
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === SETUP) {
    setup(data);
    postMessage({ type: READY });
  } else if (type === QUERY) {
    postMessage({ type: RESULT, data: search(data) });
  }
});
