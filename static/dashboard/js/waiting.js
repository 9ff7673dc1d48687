// While htmx is asked for something, a line says so; afterwards the focus is where it was.

let waiting = 0;
const holders = new WeakMap();
let lost = null;

function show() {
  document.documentElement.toggleAttribute("data-busy", waiting > 0);
}

// What stands where the target stood, or stands there still.
function successor({ target, before, parent }) {
  if (target.isConnected) return target;
  return (before ? before.nextElementSibling : parent.firstElementChild) ?? parent;
}

function restore() {
  const place = lost && successor(lost);
  lost = null;
  if (!place || ![document.body, null].includes(document.activeElement)) return;
  const chosen = place.querySelector("[autofocus]") ?? place;
  if (chosen.tabIndex < 0) chosen.tabIndex = -1;
  chosen.focus({ preventScroll: true });
}

// What is asked for again and again by itself says nothing of it.
const isLoud = ({ detail }) => !detail.elt.closest?.("[data-quiet], [data-live]");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLoud(event)) waiting += 1;
  show();
  holders.set(event.detail.xhr, document.activeElement);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  const holder = holders.get(xhr);
  if (!holder || holder === document.body || !target?.contains?.(holder)) return;
  lost = { target, before: target.previousElementSibling, parent: target.parentElement };
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (isLoud(event)) waiting = Math.max(0, waiting - 1);
  show();
  restore();
});
