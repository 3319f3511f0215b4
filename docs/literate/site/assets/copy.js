"use strict";

/* Copies a snippet's whole file, whether its code is folded or not: it is put together from the
   cells, each with what stands before it in the file. */
document.documentElement.classList.toggle("no-clipboard", !navigator.clipboard);
document.addEventListener("click", async ({ target }) => {
  const button = target.closest(".snippet__copy");
  if (!button) return;
  const cells = button.closest(".snippet").querySelectorAll("code[data-before]");
  const texts = Array.from(cells, (cell) => cell.dataset.before + cell.textContent);
  await navigator.clipboard.writeText(texts.join(""));
  const name = button.title;
  button.classList.add("is-done");
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    button.classList.remove("is-done");
    button.setAttribute("aria-label", name);
  }, 2000);
});

/* Colours folded code when it is unfolded: until then a chapter is spared thousands of elements.
   `data-colours` has the length and the class of each stretch of the text. */
const colour = (code) => {
  const text = code.textContent;
  let at = 0;
  const stretches = code.dataset.colours.split(" ").map((stretch) => {
    const [length, kind] = stretch.split("-");
    const piece = text.slice(at, (at += Number(length)));
    if (!kind) return piece;
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = piece;
    return span;
  });
  delete code.dataset.colours;
  code.replaceChildren(...stretches);
};
document.addEventListener(
  "toggle",
  ({ target }) => {
    for (const code of target.querySelectorAll("code[data-colours]")) {
      if (!code.closest("details:not([open])")) colour(code);
    }
  },
  true,
);
