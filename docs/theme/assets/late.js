"use strict";

// Material asks for the search index as soon as a page opens, and it is more than the page itself.
// Here the question waits until the reader is about to search, or has come from a search.
{
  const { open, send } = XMLHttpRequest.prototype;
  const { searchParams } = new URL(location);
  const searching = new Promise((resolve) => {
    if (searchParams.has("q") || searchParams.has("h")) resolve();
    addEventListener("focusin", ({ target }) => {
      if (target.matches("[data-md-component=search-query]")) resolve();
    });
    addEventListener("change", ({ target }) => {
      if (target.id === "__search") resolve();
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
