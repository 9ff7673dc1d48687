// What every page does: the colour scheme, spoken decisions, names that are suggested, keys.

const YEAR = 31536000;

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=${YEAR}; samesite=lax`;
  });
}

// A camera that looks on says a thing once; what was asked for is said each time.
document.addEventListener("announce", (event) => {
  const region = document.querySelector("#announcements");
  const words = event.detail.value;
  if (region.textContent === words && event.target.closest?.("[data-live]")) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
});

// What is asked for seldom is folded away, until it is asked for or its address names it.
function unfold(id) {
  const part = document.getElementById(id);
  if (!part?.hidden) return;
  part.hidden = false;
  part.querySelector("input, button")?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) unfold(opener.dataset.opens);
});
if (location.hash) unfold(location.hash.slice(1));

// What is hard to undo is asked about first.
document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
});

document.addEventListener("htmx:sendError", (event) => {
  const note = document.createElement("p");
  note.className = "note error";
  note.setAttribute("role", "alert");
  note.textContent = "The service could not be reached. Is it running? Try again.";
  event.detail.elt.after(note);
});

// A list with data-rows is gone through with j and k; its buttons have keys of their own.
function rowAt(step) {
  const rows = [...document.querySelectorAll("[data-rows] > li")];
  const at = rows.indexOf(document.activeElement?.closest("[data-rows] > li"));
  let to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  while (rows[to]?.matches(".done")) to += step;
  return rows[to];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
  if (event.key === "j" || event.key === "k") {
    rowAt(event.key === "j" ? 1 : -1)?.focus();
    return;
  }
  const row = document.activeElement?.closest("[data-rows] > li");
  const chosen = row?.querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
  if (!chosen) return;
  event.preventDefault();
  chosen.closest("details")?.setAttribute("open", "");
  if (chosen.matches("input")) chosen.focus();
  else chosen.click();
});
