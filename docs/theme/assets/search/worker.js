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
const ASKING = new RegExp(
  ("怎么办|怎么回事|怎么样|怎么[做用]?|怎样|咋办|咋|如何|为什么|为啥|为何|什么是|是什么|什么时候|什么意思|有什么用|有什么|什么|啥|" +
    "哪一?[个种些]|多少|多大|吗|呢|吧|了|的|是不是|是|会|要不要|需不需要|还需要|需要|要|应该|该|可不可以|可以|能不能|能否|请问|一下|" +
    "有没有|不了|一直|老是|总是|突然|到底|究竟|区别|不同|一回事|解决|处理|原因|合适|比较好|好用|作用|意思|一般|设置|设成|设为|[取选设]多|之后|以后|还是|或者|以及|我的|我"
  ),
  "gu",
);
const STOP = new Set(
  ("a an the of to in on at by for with from and or not no is are was were be been being do does did " +
    "how what why when where which who whom whose can could should would will may might must i my me " +
    "we our you your it its this that these those there if then than so as about into vs versus use " +
    "using used get getting set make need want way best good better much many any some very too after " +
    "before between call called doe mean meaning difference different explain explained work working " +
    "help value correct right proper properly happen happens error problem issue question pytorch torch").split(" "),
);

/* Different names of one thing, and how the other language says it. The glossary's terms with
   their translations come with the index. */
const SAME = [
  "lr|learning rate|学习率|步长",
  "bn|batchnorm|batch norm|batch normalization|批量规范化|批归一化|批标准化|规范化层",
  "layernorm|layer norm|layer normalization|层规范化|层归一化|规范化层",
  "normalization|normalisation|规范化|归一化|标准化",
  "wd|weight decay|weight_decay|权重衰减",
  "overfit|overfitting|过拟合",
  "underfit|underfitting|欠拟合",
  "dropout|暂退法|丢弃法|随机失活",
  "early stopping|early stop|early-stopping|早停|提前停止|提前结束训练",
  "batch size|batch_size|批量大小|批大小",
  "loss|损失",
  "optimizer|optimiser|优化器",
  "momentum|动量",
  "gradient|grad|梯度",
  "accuracy|acc|准确率|正确率",
  "validation|val|验证",
  "test set|测试集",
  "training set|train set|训练集",
  "init|initialization|initialisation|初始化",
  "regularization|regularisation|正则化",
  "cross entropy|cross-entropy|交叉熵",
  "scheduler|lr_scheduler|schedule|学习率调度|调度",
  "vanish|vanishing|消失",
  "explode|exploding|爆炸",
  "clip|clipping|裁剪|截断",
  "augment|augmentation|数据增强|增强|扩增",
  "leak|leakage|泄漏|泄露",
  "imbalance|imbalanced|不平衡|不均衡",
  "outlier|离群值|离群点|异常值",
  "seed|种子",
  "reproduce|reproducible|reproducibility|可重现|可复现|重现|复现",
  "accumulate|accumulation|累积|累加|累计",
  "residual|resnet|skip connection|残差",
  "shuffle|打乱",
  "mse|mseloss|均方误差|平方误差|squared error",
  "mae|l1loss|平均绝对误差|绝对误差|absolute error",
  "bce|bceloss|bcewithlogitsloss|二元交叉熵",
  "he|kaiming",
  "glorot|xavier",
  "ema|exponential moving average|指数移动平均",
  "swa|stochastic weight averaging|权重平均",
  "oscillate|oscillating|震荡|振荡|抖动",
  "diverge|发散",
  "converge|convergence|收敛",
  "from scratch|by hand|from formulas|从零|手写|自己写|自己实现|从公式",
  "kfold|k-fold|cross validation|cross-validation|k折|交叉验证",
  "warmup|warm-up|预热",
  "oom|out of memory|显存|内存",
  "temperature|calibration|校准|温度",
  "bias|偏置",
  "exclude|spare|不衰减",
  "layer|隐藏层|层",
  "model|模型|网络|network",
  "stuck|停在|不动|not learning|does not learn|not decreasing|不下降",
  "mnist|digits|手写数字|digit classifier",
  "full code|complete code|完整代码|from start to end|从头到尾",
  "binary classification|二分类",
];

/* A plural and its singular are one word, as are learn and learning, overfit and overfitting. */
function stem(word) {
  if (word.length < 5 || /[_.\d]/.test(word)) return word;
  return word
    .replace(/(?:ies)$/, "y")
    .replace(/(?:sses)$/, "ss")
    .replace(/([^s])s$/, "$1")
    .replace(/(?:isation|ization)$/, "ise")
    .replace(/(?:ising|izing|ised|ized|ize)$/, "ise")
    .replace(/(.{2,}([^aeiouls]))\2(?:ing|ed)$/, "$1")
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
    const pieces = word.toLowerCase().split(".").filter((piece) => piece.length > 1);
    if (pieces.length > 1) found.push(...pieces.filter((piece) => piece.includes("_") || piece.length > 9));
    const parts = word
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
      .split(/[\s_.+-]+/)
      .filter((part) => part.length > 1);
    if (parts.length > 1) found.push(...parts.map((part) => stem(part.toLowerCase())));
  }
  return found;
}

/* What a query asks for: terms, each with its weight and with the parts of the query it stands
   for. Other names weigh less than what was typed. */
function wanted(query) {
  const about = query.replace(ASKING, " ");
  let typed = [...new Set(terms(about))].filter((term) => !STOP.has(term));
  if (!typed.length) typed = [...new Set(terms(query))];
  const found = new Map();
  const add = (term, weight, parts) => {
    const known = found.get(term);
    if (known) {
      known.weight = Math.max(known.weight, weight);
      parts.forEach((part) => known.parts.add(part));
    } else found.set(term, { weight, parts: new Set(parts) });
  };
  for (const term of typed) add(term, 1, [term]);
  const { meant: corrected, runs } = correct(about);
  for (const [term, parts] of corrected) add(term, 0.8, parts);
  for (const term of typed) {
    for (const part of split(term)) add(part, 0.9, [term]);
  }
  const others = new Set();
  const said = ` ${[...terms(query), ...corrected.keys()].join(" ")} `;
  for (const names of same) {
    const given = names.filter((name) => said.includes(name));
    if (!given.length) continue;
    const parts = given.flatMap((name) => name.trim().split(" ")).filter((part) => found.has(part));
    const meant = parts.flatMap((part) => [...found.get(part).parts]);
    if (!meant.length) continue;
    for (const name of names) {
      if (given.includes(name)) continue;
      for (const term of name.trim().split(" ")) if (vocabulary.has(term)) add(term, OTHER, meant);
      others.add(name);
    }
  }
  return { asked: found, runs, others: [...others].map((name) => writing.get(name)) };
}

/* A word that is two known ones, as batchsize. */
function split(term) {
  if (vocabulary.has(term) || !/^[a-z]{6,}$/.test(term)) return [];
  for (let at = 3; at <= term.length - 3; at++) {
    const parts = [term.slice(0, at), stem(term.slice(at))];
    if (parts.every((part) => vocabulary.get(part) > 1)) return parts;
  }
  return [];
}

/* A character that makes no known pair with its neighbours is a slip, as 剧 in 数剧增强; what the
   pages have in its place is meant. */
function correct(about) {
  const meant = new Map();
  const runs = [];
  for (const [run] of about.matchAll(HAN)) {
    let right = run;
    for (let at = 0; at < run.length; at++) {
      const around = [run.slice(at - 1, at + 1), run.slice(at, at + 2)].filter((pair) => pair.length === 2);
      if (!around.length || around.some((pair) => vocabulary.has(pair))) continue;
      const edge = at === 0 || at === run.length - 1;
      const before = run.slice(Math.max(0, at - (edge ? 2 : 1)), at);
      const after = run.slice(at + 1, at + (edge ? 3 : 2));
      if (before.length + after.length < 2) continue;
      const counts = new Map();
      for (const [, char] of everything.matchAll(new RegExp(`${before}([\\u3400-\\u9fff])${after}`, "gu"))) {
        counts.set(char, (counts.get(char) ?? 0) + 1);
      }
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const [best, count] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [];
      if (!best || count < 0.6 * all || count < 2) continue;
      for (const pair of pairs(before + best + after)) meant.set(pair, around);
      right = right.slice(0, at) + best + right.slice(at + 1);
    }
    runs.push(right);
  }
  return { meant, runs };
}

const OTHER = 0.4;
/* Sections that are seldom the answer when another fits as well. */
const ASIDE = { sources: 0.4, article: 0.6, exercises: 0.6, exercise: 0.8, summary: 0.8, goals: 0.6, chapters: 0.6 };

let index, documents, vocabulary, same, writing, everything;

function setup({ config, docs }) {
  vocabulary = new Map(); // in how many fields a term stands
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
      boost: (doc.boost ?? 1) * (ASIDE[section?.split("-")[0]] ?? 1),
    };
  });
  index = new MiniSearch({
    fields: ["title", "asked", "page", "text", "code"],
    tokenize: (text, field) => {
      const found =
        field === "code" ? text.toLowerCase().split(" ") : terms(text.replace(/<[^>]*>/g, " "));
      for (const term of new Set(found)) vocabulary.set(term, (vocabulary.get(term) ?? 0) + 1);
      return found;
    },
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 5, asked: 4, page: 0.6, text: 1, code: 1 },
      tokenize: (query) => query.split(" "),
      bm25: { k: 1.2, b: 0.5, d: 0.4 },
    },
  });
  index.addAll(documents);
  for (const doc of documents) {
    doc.phrases = [doc.title, ...doc.asked.split("\n")].map((phrase) => new Set(phraseTerms(phrase)));
  }
  everything = documents.map((doc) => `${doc.title} ${doc.asked} ${doc.text}`).join("\n");
  writing = new Map(); // the names as they are written, by their terms
  same = [...SAME.map((names) => names.split("|")), ...(config.same ?? [])].map((names) =>
    names.map((name) => {
      const said = ` ${terms(name).join(" ")} `;
      writing.set(said, name);
      return said;
    }),
  );
}

function phraseTerms(phrase) {
  return terms(phrase.replace(ASKING, " ")).filter((term) => !STOP.has(term));
}

/* How much a term tells sections apart. */
const rarity = (term) => Math.log(1 + documents.length / (0.5 + (vocabulary.get(term) ?? 0)));

/* The words to mark in a section, as they are written there: those that were typed, misspelt or
   not; if there are none, other names of the same. Of a run of Chinese, its longest pieces. */
function marks({ asked, runs, others }, doc, hit) {
  const text = `${doc.title} ${plain(doc.text)}`;
  const words = new Map(); // as written in the section
  for (const [raw] of text.replace(HAN, " ").matchAll(WORD)) {
    const word = raw.replace(/[.+-]+$/, "");
    if (word.length > 1) words.set(word.toLowerCase(), word);
  }
  const meant = new Set(hit.terms.filter((term) => (asked.get(term)?.weight ?? 1) > OTHER));
  const found = new Set();
  for (const word of words.values()) if (terms(word).some((term) => meant.has(term))) found.add(word);
  for (const run of runs) for (const piece of pieces(run, text)) found.add(piece);
  if (!found.size) {
    const lower = text.toLowerCase();
    for (const name of others) if (lower.includes(name.toLowerCase())) found.add(name);
  }
  return [...found].slice(0, 12);
}

/* The longest pieces of a run, of two characters and more, that stand in a text. */
function pieces(run, text) {
  const found = [];
  for (let at = 0; at < run.length - 1; ) {
    let end = run.length;
    while (end - at >= 2 && !text.includes(run.slice(at, end))) end--;
    if (end - at >= 2) found.push(run.slice(at, end));
    at = Math.max(end, at + 1);
  }
  return found;
}

/* One expression for all words; a Latin one stands by itself, and is no part of another. */
function pattern(words) {
  const safe = [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .map((word) => (/^[\u3400-\u9fff]/.test(word) ? word : `(?<![A-Za-z0-9_&])${word}(?![A-Za-z0-9_])`));
  return new RegExp(safe.join("|"), "giu");
}

function marked(text, words) {
  return words.length ? text.replace(pattern(words), "<mark>$&</mark>") : text;
}

const plain = (text) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();

/* The stretch of a section that holds most of the words, from the beginning of its sentence or, if
   that is long, of a word; code is shown only where no prose holds any. */
function teaser(text, words) {
  let shown = plain(text.replace(/<pre>[^]*?<\/pre>/g, " "));
  let places = words.length ? [...shown.matchAll(pattern(words))] : [];
  if (!places.length && words.length) {
    const all = plain(text);
    places = [...all.matchAll(pattern(words))];
    if (places.length) shown = all;
  }
  let best = 0;
  let most = 0;
  for (const { index: at } of places) {
    const near = new Set(
      places.filter((place) => place.index >= at && place.index < at + 110).map(([word]) => word.toLowerCase()),
    );
    if (near.size > most) [best, most] = [at, near.size];
  }
  const before = shown.slice(Math.max(0, best - 40), best);
  const sentence = Math.max(...[..."。！？；.!?;"].map((stop) => before.lastIndexOf(stop)));
  const gap = Math.max(...[..." ，、"].map((stop) => before.indexOf(stop)));
  const start = best <= 40 && sentence < 0 ? 0 : best - before.length + 1 + (sentence < 0 ? gap : sentence);
  const cut = shown.slice(start, start + 160).replace(/&[^;\s]*$/, "").trim();
  return `${start ? "…" : ""}${cut}${start + 160 < shown.length ? "…" : ""}`;
}

const LIKE = 3;

/* How much of a phrase is asked for, and of what is asked for stands in it: their harmonic mean. */
function likeness(phrase, asked, met, whole) {
  if (!phrase.size) return 0;
  const parts = new Set();
  let shared = 0;
  let all = 0;
  for (const term of phrase) {
    const weight = rarity(term);
    all += weight;
    const same = asked.get(term);
    if (!same) continue;
    shared += weight * Math.min(1, same.weight + 0.3);
    same.parts.forEach((part) => parts.add(part));
  }
  let covered = 0;
  for (const part of parts) if (met.has(part)) covered += rarity(part);
  const precision = shared / all;
  const recall = covered / whole;
  return precision + recall ? (2 * precision * recall) / (precision + recall) : 0;
}

function search(query) {
  const wants = wanted(query);
  const { asked } = wants;
  const typed = new Set([...asked.values()].flatMap(({ parts }) => [...parts]));
  const weigh = (parts) => [...parts].reduce((sum, part) => sum + rarity(part), 0);
  const list = [...asked.keys()];
  const latin = (term) => /^[a-z]/.test(term);
  const known = [...typed].filter((part) => vocabulary.has(part));
  const hits = index.search(list.join(" "), {
    boostTerm: (term) => asked.get(term)?.weight ?? 1,
    prefix: (term) => latin(term) && term.length > 2 && !vocabulary.has(term),
    fuzzy: (term) => (latin(term) && term.length > 4 && !vocabulary.has(term) ? 0.25 : false),
    weights: { fuzzy: 0.6, prefix: 0.5 },
  });
  /* Parts that stand nowhere, not even misspelt, say nothing of a section. */
  const met = new Set(known);
  for (const { queryTerms } of hits) {
    for (const term of queryTerms) asked.get(term).parts.forEach((part) => met.add(part));
  }
  const whole = weigh(met) || 1;
  const found = hits.map((hit) => {
    const doc = documents[hit.id];
    const share = weigh(new Set(hit.queryTerms.flatMap((term) => [...asked.get(term).parts]))) / whole;
    const like = Math.max(...doc.phrases.map((phrase) => likeness(phrase, asked, met, whole)));
    return { doc, hit, score: hit.score * share ** 2 * (1 + LIKE * like) * (doc.whole ? 0.55 : 1) * doc.boost };
  });
  found.sort((one, other) => other.score - one.score);
  const latinTyped = [...new Set([...query.replace(ASKING, " ").replace(HAN, " ").matchAll(WORD)].map(([word]) => word))];
  const items = found.slice(0, 20).map(({ doc, hit, score }) => {
    const words = marks(wants, doc, hit);
    const here = new Set(hit.queryTerms.flatMap((term) => [...asked.get(term).parts]));
    const missing = latinTyped.filter((word) => terms(word).some((term) => typed.has(term)) && !terms(word).some((term) => here.has(term)));
    return [
      {
        location: doc.location,
        title: marked(doc.page ? `${doc.title} · ${doc.page}` : doc.title, words),
        text: marked(teaser(doc.text, words), words),
        score,
        /* Those that are there Material has the page mark, of the others it says so. */
        terms: Object.fromEntries([...words.map((word) => [word, true]), ...missing.map((word) => [word, false])]),
      },
    ];
  });
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
