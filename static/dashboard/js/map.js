// The references as points of a plane: the photo of the point that is hovered, its category by a click.

import { colour, dress, isDark, whenSchemeChanges } from "./chart_theme.js";

const frame = document.querySelector("[data-map]");
const canvas = frame.querySelector("canvas");
const hover = frame.querySelector(".hover");
let chart = null;
let map = null;

// Neighbouring numbers get hues that are far apart.
const hue = (number, alpha) => `hsl(${(number * 137.508) % 360} ${isDark() ? "70% 68%" : "62% 42%"} / ${alpha})`;

function show(point) {
  hover.hidden = !point;
  if (!point) return;
  const at = point.index;
  const [name] = map.categories[map.points[at][2]];
  const address = frame.dataset.thumbnail.replace("REFERENCE", map.references[at]);
  const image = hover.querySelector("img");
  if (image.getAttribute("src") !== address) image.src = address;
  hover.querySelector("figcaption").textContent = name;
  const { x, y } = point.element;
  const left = x + 14 + hover.offsetWidth > frame.clientWidth ? x - 14 - hover.offsetWidth : x + 14;
  const top = Math.min(Math.max(y - hover.offsetHeight / 2, 4), frame.clientHeight - hover.offsetHeight - 4);
  hover.style.transform = `translate(${Math.max(left, 4)}px, ${top}px)`;
}

function draw() {
  dress(window.Chart);
  chart?.destroy();
  const axis = { display: false, min: -1.08, max: 1.08 };
  chart = new window.Chart(canvas, {
    type: "scatter",
    data: {
      datasets: [{
        data: map.points.map(([x, y]) => ({ x, y })),
        pointRadius: map.points.length > 600 ? 3 : 5,
        pointHoverRadius: 8,
        pointBackgroundColor: map.points.map((point) => hue(point[2], 0.72)),
        pointBorderWidth: 0,
        pointHoverBorderWidth: 2,
        pointHoverBorderColor: colour("ink"),
      }],
    },
    options: {
      scales: { x: axis, y: axis },
      interaction: { mode: "nearest", intersect: true },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      onHover: (event, points) => {
        canvas.style.cursor = points.length ? "pointer" : "default";
        show(points[0]);
      },
      onClick: (event, points) => {
        if (points.length) location.href = frame.dataset.category.replace("CATEGORY", map.categories[map.points[points[0].index][2]][1]);
      },
    },
  });
}

canvas.addEventListener("pointerleave", () => show(null));

async function load() {
  const words = document.querySelector("#map-words");
  words.textContent = "Drawing the map …";
  const answer = await fetch(frame.dataset.map, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    words.textContent = "The map could not be drawn. Reload the page.";
    return;
  }
  map = await answer.json();
  const count = map.points.length;
  const part = count < map.total ? `${count.toLocaleString("en")} of ${map.total.toLocaleString("en")}` : `${count}`;
  words.textContent = count
    ? `${part} reference${map.total === 1 ? "" : "s"} of ${map.categories.length} categor${map.categories.length === 1 ? "y" : "ies"}.`
    : "No references yet. Each photo becomes a point.";
  if (!count) return;
  draw();
  whenSchemeChanges(draw);
}

// What nobody scrolls to is not loaded.
new IntersectionObserver((entries, observer) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  observer.disconnect();
  load();
}, { rootMargin: "300px" }).observe(frame);
