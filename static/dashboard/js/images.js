// Every field that takes an image: drop, paste, preview, and several files at once.
// Without this the fields are plain file inputs.

const fields = () => [...document.querySelectorAll("[data-drop]")];

function isImage(file) {
  return file.type.startsWith("image/") || file.type === "";
}

function put(input, ...files) {
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  input.files = chosen.files;
}

function show(image, file) {
  if (image.src) URL.revokeObjectURL(image.src);
  image.hidden = !file;
  if (file) image.src = URL.createObjectURL(file);
}

function nameOf(file) {
  return file.name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ").trim();
}

// A field with data-each gives each file a form of its own, in a copy of that template; photos that
// show the same thing share one.
function copyFor(template, files) {
  const [file] = files;
  const copy = template.content.firstElementChild.cloneNode(true);
  const form = copy.matches("form") ? copy : copy.querySelector("form");
  put(form.querySelector("input[type=file]"), ...files);
  show(form.querySelector(".preview"), file);
  const called = files.length > 1 ? `${files.length} photos of one thing` : file.name;
  for (const each of form.querySelectorAll("[data-file-name]")) each.textContent = called;
  if (files.length > 1) form.querySelector("input[name=together]").disabled = false;
  const name = form.querySelector("input[name=name]");
  if (name) name.value = nameOf(file);
  return { copy, form };
}

function spread(field, files) {
  const template = document.querySelector(field.dataset.each);
  const together = field.querySelector("input[name=together]")?.checked;
  const groups = together ? [files] : files.map((file) => [file]);
  const made = groups.map((group) => copyFor(template, group));
  const into = document.querySelector(field.dataset.into);
  field.closest("[hidden]")?.removeAttribute("hidden");
  into.prepend(...made.map(({ copy }) => copy));
  for (const { copy, form } of made) {
    htmx.process(copy);
    if ("submit" in form.dataset) form.requestSubmit();
  }
  into.querySelector("form input[name=name]")?.focus();
}

function choose(field, files) {
  if (field.dataset.each) return spread(field, files);
  const input = field.querySelector("input[type=file]");
  put(input, ...(input.multiple ? files : files.slice(0, 1)));
  show(field.querySelector(".preview"), files[0]);
  field.classList.add("chosen");
  field.querySelector("[data-chosen]").textContent = input.files.length > 1 ? `${input.files.length} photos` : files[0].name;
  if ("sends" in field.dataset && input.form.reportValidity()) input.form.requestSubmit();
}

document.addEventListener("change", (event) => {
  const field = event.target.type === "file" && event.target.closest("[data-drop]");
  if (!field) return;
  const files = [...event.target.files];
  if (field.dataset.each) event.target.value = "";
  if (files.length) choose(field, files);
});

// A photo may be dropped anywhere: it goes to the field below it, or to the page's first.
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const fieldOf = (event) => event.target.closest?.("[data-drop]") ?? fields()[0];

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!holdsFiles(event) || event.defaultPrevented) return;
    const field = fieldOf(event);
    for (const each of fields()) each.classList.toggle("over", each === field && name === "dragover");
    if (!field) return;
    event.preventDefault();
    const files = name === "drop" ? [...event.dataTransfer.files].filter(isImage) : [];
    if (files.length) choose(field, files);
  });
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])].filter(isImage);
  const field = fieldOf(event);
  if (files.length && field) choose(field, files);
});

document.addEventListener("photo", ({ detail }) => choose(detail.field ?? fields()[0], [detail.file]));

// What is sent with each file's own form needs no button for all.
for (const field of fields()) {
  if (!field.dataset.each) continue;
  field.querySelector("input[type=file]").required = false;
  for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-submit-all]");
  if (!button) return;
  const forms = [...document.querySelectorAll(`${button.dataset.submitAll} form`)];
  if (forms.every((form) => form.reportValidity())) for (const form of forms) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-discard]")) event.target.closest("form").remove();
  const all = event.target.closest("[data-discard-all]")?.dataset.discardAll;
  if (all) document.querySelector(all).replaceChildren();
});

// A preview that cannot be drawn (HEIC, PGM) says nothing: the service can still read the file.
document.addEventListener("error", (event) => {
  if (event.target.matches?.(".preview")) event.target.hidden = true;
}, true);

// What was chosen before this was loaded counts as well.
for (const field of fields()) {
  const input = field.querySelector("input[type=file]");
  const files = [...input.files];
  if (field.dataset.each) input.value = "";
  if (files.length) choose(field, files);
}
