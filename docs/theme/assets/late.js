"use strict";

// What a page brings that its reader may never need comes when it is needed.

// To lay out a chapter takes a phone half a second. Where it is opened at its beginning, what lies
// below the first screens is laid out two blocks at a time, and all that is left when its reader
// touches it: from then on each place is where it belongs. The rest of this is in site.css.
{
  const blocks = [...document.querySelectorAll(".calm .md-content__inner > *")];
  const show = (count) => {
    for (const block of blocks.splice(0, count)) block.style.contentVisibility = "visible";
  };
  const soon = window.requestIdleCallback ?? setTimeout;
  const step = () => {
    show(2);
    if (blocks.length) soon(step);
  };
  soon(step);
  for (const sign of ["pointerdown", "keydown"]) {
    addEventListener(sign, () => show(blocks.length), { once: true, passive: true });
  }
}

// Material's script is the longest work of a phone that opens a page, and does nothing before its
// reader does: there it comes with the first touch, key or scroll. Where a pointer hovers, or the
// address names a place or a search, it comes with the page.
{
  const waiting = document.getElementById("material");
  const signs = ["pointerdown", "keydown", "focusin", "scroll"];
  let parsed = false;
  document.addEventListener("DOMContentLoaded", () => (parsed = true), { once: true });
  const load = () => {
    for (const sign of signs) removeEventListener(sign, load);
    const script = document.createElement("script");
    script.addEventListener("load", () => {
      // It waits for this event, which may have been before it came.
      if (parsed) document.dispatchEvent(new Event("DOMContentLoaded"));
    });
    script.src = waiting.src;
    waiting.replaceWith(script);
  };
  const { hash, search } = location;
  if (hash || search || matchMedia("(hover: hover)").matches) load();
  else {
    for (const sign of signs) addEventListener(sign, load, { passive: true });
    const hint = document.createElement("link");
    hint.rel = "prefetch";
    hint.href = waiting.src;
    document.head.append(hint);
  }
}

// It asks for the search index at once, which is more than the page itself. Here the question waits
// until the reader is about to search, or has come from a search.
{
  const { open, send } = XMLHttpRequest.prototype;
  const { searchParams } = new URL(location);
  const searching = new Promise((resolve) => {
    if (searchParams.has("q") || searchParams.has("h")) resolve();
    addEventListener("focusin", ({ target }) => {
      if (target.matches("[data-md-component=search-query]")) resolve();
    });
    addEventListener("change", ({ target }) => {
      if (target.id !== "__search") return;
      if (target.checked) document.querySelector("[data-md-component=search-query]").focus();
      resolve();
    });
  });
  const waiting = new WeakSet();
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    if (`${address}`.endsWith("/search/search_index.json")) waiting.add(this);
    return open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (waiting.has(this)) searching.then(() => send.call(this, body));
    else send.call(this, body);
  };
}
