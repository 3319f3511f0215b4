/* Copying any cell of a snippet copies the whole file: Material takes the text of the nearest
   [data-copy], which is put together from the cells when a copy button is pressed. */
document.addEventListener(
  "click",
  ({ target }) => {
    const figure = target.closest(".snippet");
    if (!figure || !target.closest("[data-clipboard-target], [data-clipboard-text]")) return;
    figure.dataset.copy = Array.from(
      figure.querySelectorAll("[data-before]"),
      (cell) => cell.dataset.before + cell.querySelector("code").textContent,
    ).join("");
  },
  true,
);
