"use strict";

// The header outlives instant navigation, so the link to the other language is aimed at every
// click: same page, same place.
for (const link of document.querySelectorAll("a[data-root]")) {
  const root = new URL(link.dataset.root, location);
  const { base } = JSON.parse(document.getElementById("__config").textContent);
  const home = new URL(`${base}/`, location);
  link.addEventListener("click", () => {
    link.href = new URL(location.pathname.slice(home.pathname.length), root) + location.hash;
  });
}

// When the reader sets off, lay out the passages below the first screen, one at a time and while
// there is nothing else to do: the scroll bar then tells how much is left.
const idle = window.requestIdleCallback ?? setTimeout;
document$.subscribe(() => {
  const waiting = [...document.querySelectorAll(".passage, figure.snippet")];
  const lay = () => {
    const next = waiting.shift();
    if (!next) return;
    next.style.contentVisibility = "visible";
    idle(lay);
  };
  addEventListener("scroll", () => idle(lay), { once: true });
});

// Material makes code that scrolls sideways focusable only when it comes into view; a keyboard has
// to reach it before.
document$.subscribe(() => {
  for (const code of document.querySelectorAll("pre > code")) code.tabIndex = 0;
});

// Paper unfolds nothing: open what is folded while the page is printed.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const details of unfolded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of unfolded) details.open = false;
});

// What Material's script adds to code: markers of annotations, which are links without a name, and
// a landmark around the buttons of every block.
const marker = document.documentElement.lang === "zh" ? "代码注释" : "Note on the code";
new MutationObserver(() => {
  for (const link of document.querySelectorAll(".md-annotation__index:not([aria-label])")) {
    link.setAttribute("aria-label", marker);
  }
  for (const buttons of document.querySelectorAll(".md-code__nav:not([role])")) {
    buttons.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });
