// Colours of charts, as the page's custom properties give them in the present scheme.

const probe = document.createElement("span");
probe.hidden = true;
document.documentElement.append(probe);

export function colour(name, alpha = 1) {
  probe.style.color = `var(--${name})`;
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g);
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

export const isDark = () => getComputedStyle(probe).colorScheme === "dark"
  || (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

// One look for all charts: no animation, thin lines, the page's own type.
export function dress(Chart) {
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.color = colour("soft");
  Chart.defaults.borderColor = colour("line");
  Chart.defaults.plugins.legend.labels.boxWidth = 10;
  Chart.defaults.plugins.legend.labels.boxHeight = 10;
  Chart.defaults.plugins.legend.align = "end";
  Object.assign(Chart.defaults.plugins.tooltip, {
    backgroundColor: colour("card"), titleColor: colour("ink"), bodyColor: colour("ink"),
    borderColor: colour("field"), borderWidth: 1, displayColors: false, padding: 10,
  });
}

export function whenSchemeChanges(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
