"use strict";
const source = document.getElementById("calls");
const root = JSON.parse(source.textContent);
const images = Math.max(1, Number(source.dataset.images));
const flame = document.getElementById("flame");
const detail = document.getElementById("detail");
const find = document.getElementById("find");
const found = document.getElementById("found");
const hint = detail.textContent;
const ROW = 20;
const NARROWEST = 1.2;

(function link(call, above) {
  call.above = above;
  for (const child of call.s) link(child, call);
})(root, null);

let focus = root;

function milliseconds(seconds) {
  return `${(1000 * seconds / images).toFixed(3)} ms`;
}

function tell(call) {
  const share = (100 * call.t / root.t).toFixed(1);
  detail.textContent = `${call.n}: ${milliseconds(call.t)} an image (${share} %), of which its own `
    + `${milliseconds(call.o)}; ${(call.c / images).toLocaleString("en", { maximumFractionDigits: 1 })} calls an image`;
}

function box(call, depth, x, width, isAbove) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `call ${call.k}${isAbove ? " above" : ""}`;
  button.style.top = `${depth * ROW}px`;
  button.style.left = `${x}px`;
  button.style.width = `${width}px`;
  if (width < 24) button.style.padding = "0";
  else button.textContent = call.n;
  button.setAttribute("aria-label", call.n);
  button.addEventListener("mouseenter", () => tell(call));
  button.addEventListener("focus", () => tell(call));
  button.addEventListener("click", () => { focus = call; draw(); });
  const word = find.value.trim().toLowerCase();
  if (word && call.n.toLowerCase().includes(word)) button.classList.add("hit");
  flame.append(button);
}

function draw() {
  flame.replaceChildren();
  const width = flame.clientWidth;
  const above = [];
  for (let call = focus.above; call; call = call.above) above.unshift(call);
  above.forEach((call, depth) => box(call, depth, 0, width, true));
  let deepest = above.length;
  (function below(call, depth, x, scale) {
    deepest = Math.max(deepest, depth);
    box(call, depth, x, call.t * scale, false);
    let at = x;
    for (const child of call.s) {
      if (child.t * scale >= NARROWEST) below(child, depth + 1, at, scale);
      at += child.t * scale;
    }
  })(focus, above.length, 0, width / focus.t);
  flame.style.height = `${(deepest + 1) * ROW}px`;
  const word = find.value.trim().toLowerCase();
  flame.classList.toggle("searched", Boolean(word));
  found.textContent = word ? `${milliseconds(matching(root, word))} an image in what is found` : "";
}

function matching(call, word) {
  if (call.n.toLowerCase().includes(word)) return call.t;
  return call.s.reduce((sum, child) => sum + matching(child, word), 0);
}

flame.addEventListener("mouseleave", () => { detail.textContent = hint; });
find.addEventListener("input", draw);
document.getElementById("all").addEventListener("click", () => { focus = root; find.value = ""; draw(); });
window.addEventListener("resize", draw);
draw();
