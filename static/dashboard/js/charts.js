// The charts of the insights page, each drawn from the JSON beside it, and the slider.

import { colour, dress, whenSchemeChanges } from "./chart_theme.js";

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits).replace(/\.0$/, "")} %`;
const dataOf = (name) => JSON.parse(document.querySelector(`#${name}-data`).textContent);
const far = () => Number(document.querySelector("#what-if").dataset.far);
const title = (text) => ({ display: true, text });

// A share on a logarithmic scale is written at whole powers of ten.
const powers = (value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? percent(value, 2).replace(/\.?0+ %$/, " %") : "");

// Of the thresholds that keep the rate, the one that refuses least.
function cost(points, rate) {
  const kept = points.filter((point) => point.far <= rate);
  return kept.length ? Math.min(...kept.map((point) => point.frr)) : 1;
}

function det(points) {
  const curve = points.map((point) => ({ x: Math.max(point.far, 1e-4), y: point.frr }));
  return {
    type: "line",
    data: {
      datasets: [
        { label: "At this strictness", data: [{ x: far(), y: cost(points, far()) }], borderColor: colour("accent"), backgroundColor: colour("accent"), showLine: false, pointRadius: 7, pointHoverRadius: 8, pointBackgroundColor: colour("accent"), pointBorderColor: colour("card"), pointBorderWidth: 2 },
        { label: "DET curve", data: curve, borderColor: colour("ink"), backgroundColor: colour("ink"), borderWidth: 2, pointRadius: 0, stepped: "after", fill: { target: "origin", above: colour("accent", 0.08) } },
      ],
    },
    options: {
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: {
        x: { type: "logarithmic", min: 1e-4, max: 1, title: title("Something else passes"), ticks: { callback: powers, maxRotation: 0 }, grid: { display: false } },
        y: { min: 0, title: title("The right one is refused"), ticks: { callback: (value) => percent(value, 0) } },
      },
      plugins: { tooltip: { callbacks: { title: () => "", label: ({ raw }) => `${percent(raw.x, 2)} pass, ${percent(raw.y)} are refused` } } },
    },
  };
}

function scores({ edges, genuine, impostor, threshold }) {
  const middle = (row) => (edges[row] + edges[row + 1]) / 2;
  const bars = (shares) => shares.map((share, row) => ({ x: middle(row), y: share }));
  const most = Math.max(...genuine, ...impostor);
  const bar = (label, shares, name) => ({ type: "bar", label, data: bars(shares), backgroundColor: colour(name, 0.6), barPercentage: 1, categoryPercentage: 1, grouped: false });
  return {
    type: "bar",
    data: {
      datasets: [
        { type: "line", label: "Threshold", data: [{ x: threshold, y: 0 }, { x: threshold, y: most }], borderColor: colour("ink"), backgroundColor: colour("ink"), borderWidth: 2, borderDash: [5, 4], pointRadius: 0 },
        bar("With its own category", genuine, "good"),
        bar("With another", impostor, "bad"),
      ],
    },
    options: {
      scales: {
        x: { type: "linear", min: edges[0], max: edges.at(-1), offset: false, title: title("Score"), grid: { display: false } },
        y: { title: title("Share"), ticks: { callback: (value) => percent(value, 0) } },
      },
      plugins: { tooltip: { callbacks: { title: ([item]) => `Score ${item.parsed.x.toFixed(1)}`, label: ({ dataset, parsed }) => `${dataset.label}: ${percent(parsed.y)}` } } },
    },
  };
}

function reliability(bins) {
  const most = Math.max(...bins.map((bin) => bin.count), 1);
  return {
    type: "line",
    data: {
      datasets: [
        { label: "Measured", data: bins.map((bin) => ({ x: bin.confidence, y: bin.accuracy, count: bin.count })), clip: false, borderColor: colour("accent"), backgroundColor: colour("accent"), pointRadius: bins.map((bin) => 3 + 7 * Math.sqrt(bin.count / most)) },
        { label: "Perfectly calibrated", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], borderColor: colour("field"), backgroundColor: colour("field"), borderDash: [4, 4], borderWidth: 1.5, pointRadius: 0 },
      ],
    },
    options: {
      scales: {
        x: { type: "linear", min: 0, max: 1, title: title("Confidence"), ticks: { callback: (value) => percent(value, 0) }, grid: { display: false } },
        y: { min: 0, max: 1, title: title("How often it is right"), ticks: { callback: (value) => percent(value, 0) } },
      },
      plugins: { tooltip: { filter: (item) => item.raw.count !== undefined, callbacks: { title: () => "", label: ({ raw }) => `Said ${percent(raw.x, 0)}, was right ${percent(raw.y, 0)} of ${raw.count}` } } },
    },
  };
}

function activity(days) {
  const names = days.map(({ day }) => new Date(`${day}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short" }));
  const bar = (label, kind, name) => ({ label, data: days.map((day) => day[kind]), backgroundColor: colour(name, 0.85), stack: "asked", borderRadius: 2, maxBarThickness: 28 });
  return {
    type: "bar",
    data: {
      labels: names,
      datasets: [
        bar("Match", "match", "good"), bar("Ambiguous", "ambiguous", "warn"), bar("Unknown", "unknown", "calm"), bar("Verified", "verified", "field"),
        { type: "line", label: "Judged", data: days.map((day) => day.judged), borderColor: colour("accent"), backgroundColor: colour("accent"), borderWidth: 2, pointRadius: 0, tension: 0.3 },
      ],
    },
    options: {
      interaction: { mode: "index", intersect: false },
      scales: { x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } }, y: { stacked: true, min: 0, ticks: { precision: 0, maxTicksLimit: 5 } } },
    },
  };
}

const KINDS = { det, scores, reliability, activity };
const drawn = new Map();

function draw() {
  dress(window.Chart);
  for (const canvas of document.querySelectorAll("[data-chart]")) {
    const name = canvas.dataset.chart;
    drawn.get(name)?.destroy();
    drawn.set(name, new window.Chart(canvas, KINDS[name](dataOf(name))));
  }
}

const slider = document.querySelector("#step");
const labels = slider.dataset.labels.split(";");

slider.addEventListener("input", () => {
  slider.ariaValueText = labels[slider.value];
  document.querySelector("output[for=step]").textContent = labels[slider.value];
});

document.addEventListener("htmx:afterSwap", () => {
  const chart = drawn.get("det");
  if (!chart) return;
  chart.data.datasets[0].data = [{ x: far(), y: cost(dataOf("det"), far()) }];
  chart.update();
});

draw();
whenSchemeChanges(draw);
