"use strict";

// The section that is being read, as an anchor: the last heading above the upper third.
function place() {
  const passed = [...document.querySelectorAll(".md-content :is(h2, h3)[id]")].filter(
    (heading) => heading.getBoundingClientRect().top < innerHeight / 3,
  );
  return passed.length ? `#${passed.at(-1).id}` : "";
}

// The link to the other language is aimed at every click: same page, same place.
for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => {
    link.hash = place();
  });
}

// Material makes code that scrolls sideways focusable only when it comes into view, and frames
// tables when it comes itself; a keyboard has to reach both before.
for (const wide of document.querySelectorAll("pre > code, .md-typeset table:not([class])")) {
  wide.tabIndex = 0;
}

// Paper unfolds nothing: open what is folded while the page is printed, but for plotting code.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open], .snippet__code > details)")];
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
  // A table that scrolls sideways can be scrolled by keyboard.
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    frame.tabIndex = 0;
    frame.querySelector("table").removeAttribute("tabindex");
  }
  for (const buttons of document.querySelectorAll(".md-code__nav:not([role])")) {
    buttons.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

// All code of a page opens with one button; what was chosen is remembered on this machine.
{
  const key = "code-open";
  const words = document.documentElement.lang === "zh"
    ? { open: "展开全部代码", shut: "折叠全部代码" }
    : { open: "Show all code", shut: "Hide all code" };
  const codes = document.querySelectorAll(".snippet__code > details");
  const button = document.createElement("button");
  button.className = "all-code";
  button.type = "button";
  const show = (open) => {
    for (const code of codes) code.open = open;
    button.textContent = open ? words.shut : words.open;
    button.setAttribute("aria-pressed", open);
  };
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    show(open);
    if (open) localStorage.setItem(key, "1");
    else localStorage.removeItem(key);
  });
  show(localStorage.getItem(key) === "1");
  if (codes.length) document.querySelector(".page-facts")?.append(button);
}

// Where a section is said in a report, it is the one being read.
document.addEventListener("click", ({ target }) => {
  const link = target.closest?.("a[data-report]");
  if (link) link.href = link.dataset.report + encodeURIComponent(place());
});
