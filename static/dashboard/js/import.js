// An archive or a folder, dropped or chosen; a folder is made an archive on its way.

import { chosen, dropped, folders, isHidden } from "./folder.js";
import { tarGz } from "./tar.js";

const form = document.querySelector("[data-import]");
const archive = form.querySelector("input[name=archive]");
const says = form.querySelector("[data-chosen]");
const start = form.querySelector("[data-start]");
const sent = form.querySelector("progress");
const ARCHIVE = /\.(zip|tar\.gz|tgz)$/i;

let entries = [];

function show(words) {
  says.textContent = words;
  start.disabled = !entries.length;
  start.focus();
}

function take(found) {
  entries = found.filter((each) => !isHidden(each));
  const [{ file } = {}] = entries;
  if (!entries.length) return show("There is no file in it. Choose another folder, or an archive.");
  if (entries.length === 1 && ARCHIVE.test(file.name)) {
    return show(`${file.name}, ${(file.size / 1e6).toFixed(1)} MB`);
  }
  const many = folders(entries);
  show(`${entries.length} files in ${many} ${many === 1 ? "folder" : "folders"}`);
}

function put(file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  archive.files = transfer.files;
}

async function pack() {
  if (entries.length === 1 && ARCHIVE.test(entries[0].file.name)) return put(entries[0].file);
  put(await tarGz(entries, "folder.tar.gz"));
}

form.classList.add("scripted");
archive.required = false;
start.disabled = true;

form.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.files.length) take(chosen(event.target.files));
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, async (event) => {
    event.preventDefault();
    form.querySelector(".drop").classList.toggle("over", name === "dragover");
    if (name === "drop") take(await dropped(event.dataTransfer));
  });
}

form.addEventListener("htmx:confirm", async (event) => {
  event.preventDefault();
  start.disabled = true;
  sent.hidden = false;
  sent.removeAttribute("value");
  await pack();
  event.detail.issueRequest(true);
});

form.addEventListener("htmx:xhr:progress", ({ detail }) => {
  if (detail.lengthComputable) sent.value = detail.loaded / detail.total;
});

form.addEventListener("htmx:afterRequest", () => {
  sent.hidden = true;
  start.disabled = false;
});
