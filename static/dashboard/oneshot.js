// Drop, paste and preview for every field that takes an image. Without it the fields are plain.

const fields = () => [...document.querySelectorAll("[data-drop]")];

function choose(field, file) {
  const input = field.querySelector("input[type=file]");
  const chosen = new DataTransfer();
  chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function preview(field, file) {
  const image = field.querySelector(".preview");
  if (image.src) URL.revokeObjectURL(image.src);
  image.hidden = !file;
  if (file) image.src = URL.createObjectURL(file);
}

function imageIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/") || !file.type);
}

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-drop]");
  if (!field || event.target.type !== "file") return;
  preview(field, event.target.files[0]);
  const form = event.target.form;
  if (event.target.files.length && "submitOnDrop" in form.dataset) form.requestSubmit();
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const field = event.target.closest?.("[data-drop]");
    for (const each of fields()) each.classList.toggle("over", each === field && name === "dragover");
    if (!field) return;
    event.preventDefault();
    const file = name === "drop" && imageIn(event.dataTransfer);
    if (file) choose(field, file);
  });
}

document.addEventListener("paste", (event) => {
  const file = imageIn(event.clipboardData);
  if (file && fields().length) choose(fields()[0], file);
});

// On a small screen the answer lies below the fold.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "answer") event.target.scrollIntoView({ block: "nearest" });
});

// A preview that cannot be drawn (HEIC, PGM) says nothing: the service can still read the file.
document.addEventListener("error", (event) => {
  if (event.target.matches?.(".preview")) event.target.hidden = true;
}, true);
