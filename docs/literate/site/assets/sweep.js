/* Sliders show one frame of their figure. One listener for all pages, so that pages which
   Material's instant navigation brings in later have it too. */
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".snippet__knob input")) return;
  const sweep = target.closest(".snippet__sweep");
  const label = JSON.parse(target.dataset.labels)[target.value];
  const place = [...sweep.querySelectorAll(".snippet__knob input")].reduce(
    (at, { max, value }) => at * (Number(max) + 1) + Number(value),
    0,
  );
  const shown = sweep.dataset.frames.split(" ")[place];
  for (const frame of sweep.querySelectorAll("g.frame")) {
    frame.setAttribute("display", frame.dataset.frame === shown ? "inline" : "none");
  }
  target.closest(".snippet__knob").querySelector("output").value = label;
  target.setAttribute("aria-valuetext", label);
});
