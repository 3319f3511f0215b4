"use strict";

/* Each figure has a button that enlarges it; from there it can be saved as SVG or PNG, and linked
   to. The words are in the page's language, English where we have none. */
(() => {
  const words = document.documentElement.lang.startsWith("zh")
    ? { enlarge: "放大这幅图", close: "关闭", svg: "存为SVG", png: "存为PNG", link: "本图链接" }
    : { enlarge: "Enlarge this figure", close: "Close", svg: "Save as SVG", png: "Save as PNG",
        link: "Link to this figure" };
  const FIGURES = ".snippet__figure, .snippet__sweep";
  const SCALE = 3;
  const DRAWN = ["fill", "stroke", "color", "opacity", "font-family", "font-size", "font-weight",
    "stroke-width", "stroke-dasharray", "fill-opacity", "stroke-opacity"];

  const button = (text, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  };

  /* The drawing as a file of its own: its colours and fonts as they now look, on the page's paper,
     without the frames that are not shown. */
  const standalone = (svg) => {
    const copy = svg.cloneNode(true);
    const originals = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, at) => {
      const look = getComputedStyle(originals[at]);
      for (const name of DRAWN) element.style[name] = look[name];
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("var(") && name !== "style") element.removeAttribute(name);
      }
    });
    for (const frame of copy.querySelectorAll('[display="none"]')) frame.remove();
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x, y, width, height })) {
      paper.setAttribute(name, value);
    }
    paper.style.fill = getComputedStyle(document.body).backgroundColor;
    copy.prepend(paper);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.style.maxWidth = "";
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  };

  const download = (address, name) => {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  };

  const enlarge = (figure) => {
    const svg = figure.querySelector("svg");
    const name = (figure.closest("[id]")?.id || "figure").replace(/^.*\//, "");
    const dialog = document.createElement("dialog");
    dialog.className = "figure-view md-typeset";
    dialog.setAttribute("aria-label", svg.getAttribute("aria-label") || words.enlarge);
    const large = svg.cloneNode(true);
    large.style.maxWidth = "none";
    const bar = document.createElement("div");
    bar.className = "figure-view__bar";
    const link = document.createElement("a");
    link.textContent = words.link;
    link.href = `#${figure.closest("[id]")?.id ?? ""}`;
    link.addEventListener("click", () => dialog.close());
    bar.append(
      button(words.svg, () => {
        const { text } = standalone(svg);
        download(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`, `${name}.svg`);
      }),
      button(words.png, () => {
        const { text, width, height } = standalone(svg);
        const image = new Image();
        image.onload = () => {
          const canvas = document.createElement("canvas");
          canvas.width = width * SCALE;
          canvas.height = height * SCALE;
          canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
          download(canvas.toDataURL("image/png"), `${name}.png`);
        };
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      }),
      link,
      button(words.close, () => dialog.close()),
    );
    const frame = document.createElement("div");
    frame.className = "figure-view__frame";
    frame.tabIndex = 0;
    frame.append(large);
    dialog.append(bar, frame);
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  const prepare = () => {
    for (const figure of document.querySelectorAll(FIGURES)) {
      if (figure.querySelector(":scope > .snippet__enlarge")) continue;
      const opener = button("", () => enlarge(figure));
      opener.className = "snippet__enlarge";
      opener.title = words.enlarge;
      opener.setAttribute("aria-label", words.enlarge);
      figure.append(opener);
    }
  };

  if (typeof document$ === "undefined") addEventListener("DOMContentLoaded", prepare);
  else document$.subscribe(prepare);
})();
