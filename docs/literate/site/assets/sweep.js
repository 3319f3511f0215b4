/* A slider shows one frame of its figure. One listener for all pages, so that pages which
   instant navigation brings in later have it too. */
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".snippet__knob input")) return;
  const sweep = target.closest(".snippet__sweep");
  const label = JSON.parse(target.dataset.labels)[target.value];
  for (const frame of sweep.querySelectorAll("g.frame")) {
    frame.setAttribute("display", frame.dataset.frame === target.value ? "inline" : "none");
  }
  sweep.querySelector("output").value = label;
  target.setAttribute("aria-valuetext", label);
});
