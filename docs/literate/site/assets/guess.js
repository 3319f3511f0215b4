"use strict";

/* A guess: the answer unfolds and says what the reader has guessed. Nothing is kept or sent. */
const tell = (guess) => {
  const form = guess.querySelector(".guess__form");
  const guessed = form.querySelector("[data-touched], :checked");
  if (!guessed || !guess.querySelector(".guess__answer").open) return;
  const words = guessed.getAttribute("aria-valuetext") ?? guessed.nextElementSibling.textContent;
  const said = guess.querySelector(".guess__said");
  const measured = guess.querySelector(".guess__measured data").value;
  for (const answer of form.querySelectorAll("[type=radio]")) {
    answer.parentElement.classList.toggle("is-right", answer.value === measured);
  }
  // A screen reader says what changes in a place that it has already seen.
  setTimeout(() => {
    said.textContent = form.dataset.guessed + words;
  }, 100);
};
document.addEventListener("input", ({ target }) => {
  const guess = target.closest(".guess");
  if (!guess) return;
  if (target.type === "range") {
    const words = JSON.parse(target.dataset.labels)[target.value];
    target.dataset.touched = "";
    target.setAttribute("aria-valuetext", words);
    guess.querySelector("output").value = words;
  }
  tell(guess);
});
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches(".guess__answer")) tell(target.parentElement);
  },
  true,
);
