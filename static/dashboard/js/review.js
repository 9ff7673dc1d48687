// Triage by keyboard: after each word the next group has the focus. Keys of a group's own buttons
// are those of page.js.

const queue = () => document.querySelector("#queue");
const open = () => [...queue().querySelectorAll(".group")];

function goOn(from) {
  const groups = open();
  const next = groups.find((group) => from.compareDocumentPosition(group) & Node.DOCUMENT_POSITION_FOLLOWING);
  const to = next ?? groups.at(-1) ?? document.querySelector("#end a");
  to.focus();
  to.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const problem = event.detail.target?.querySelector?.(":scope > form > .problem");
  if (event.detail.xhr.status < 400 || !problem) return;
  event.detail.target = problem;
  event.detail.swapOverride = "innerHTML";
});

let settled = null;
const said = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  const group = event.detail.target;
  if (!group?.matches?.(".group")) return;
  if (event.detail.requestConfig.verb === "post") settled = group.previousElementSibling ?? "first";
  // What is being typed, or has just been said, is worth more than a fresh suggestion.
  else if (isBusy(group)) event.detail.shouldSwap = false;
});

function isBusy(group) {
  const at = document.activeElement;
  return !group.isConnected || group.querySelector("form.htmx-request") || (group.contains(at) && at !== group);
}

document.addEventListener("htmx:afterSwap", () => {
  if (!settled) return;
  const list = queue().querySelector("[data-rows]");
  const done = settled === "first" ? list.firstElementChild : settled.nextElementSibling;
  settled = null;
  said.push(done);
  goOn(done);
});

function undo() {
  const last = said.findLast((done) => done.isConnected);
  last?.querySelector("[data-undo]")?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") event.target.closest(".group")?.focus();
    return;
  }
  if (event.key === "z") undo();
  if (event.key === "?") document.querySelector("#keys").showModal();
});

document.querySelector("[data-help-keys]")?.addEventListener("click", () => {
  document.querySelector("#keys").showModal();
});

open()[0]?.focus({ preventScroll: true });
