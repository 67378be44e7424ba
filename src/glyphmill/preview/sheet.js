"use strict";
const all = (selector) => Array.from(document.querySelectorAll(selector));
const root = document.documentElement;

for (const box of all("[data-boxes]")) {
  const show = () => root.classList.toggle(`show-${box.dataset.boxes}`, box.checked);
  box.addEventListener("change", show);
  show();
}

const filters = all("[data-filter]");
const applyFilters = () => {
  for (const figure of all("figure")) {
    figure.hidden = filters.some((filter) => filter.value && figure.dataset[filter.dataset.filter] !== filter.value);
  }
  for (const section of all("section")) section.hidden = !section.querySelector("figure:not([hidden])");
  const shown = all("figure:not([hidden])").length;
  document.getElementById("count").value = shown;
  document.getElementById("empty").hidden = shown > 0;
};
for (const filter of filters) filter.addEventListener("change", applyFilters);
applyFilters();

const size = document.getElementById("size");
size.addEventListener("input", () => root.style.setProperty("--zoom", size.value));

const zoom = document.getElementById("zoom");
document.querySelector("main").addEventListener("click", (event) => {
  const frame = event.target.closest(".frame");
  if (!frame) return;
  const figure = frame.closest("figure");
  const copy = document.createElement("div");
  copy.className = "frame";
  copy.append(...Array.from(frame.children, (child) => child.cloneNode(true)));
  zoom.querySelector("div").replaceChildren(copy, figure.querySelector("bdi").cloneNode(true));
  zoom.showModal();
});
zoom.addEventListener("click", (event) => { if (event.target === zoom) zoom.close(); });
