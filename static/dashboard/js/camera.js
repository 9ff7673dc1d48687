// The camera as one more way to give an image: one photo, or an answer to all that it sees.

import { Look, close, isReady, open, sharpest } from "./live.js";

const dialog = document.querySelector("#camera");
const video = dialog?.querySelector("video");
const taker = dialog?.querySelector("[data-take]");
const looker = dialog?.querySelector("[data-look]");
const look = looker && new Look(dialog.querySelector("[data-live]"));

let asked = null;

async function show(event) {
  asked = event.currentTarget.closest("[data-drop]");
  taker.disabled = true;
  dialog.showModal();
  const problem = dialog.querySelector("[data-no-camera]");
  problem.hidden = true;
  try {
    await open(video);
  } catch {
    problem.hidden = false;
  }
}

function setLooking(on) {
  looker?.setAttribute("aria-pressed", String(on));
  if (on) return look.start();
  look?.stop();
  dialog.querySelector("#seen").replaceChildren();
}

async function take() {
  taker.disabled = true;
  const taken = await sharpest(video);
  dialog.close();
  document.dispatchEvent(new CustomEvent("photo", { detail: { file: taken, field: asked } }));
}

if (dialog && navigator.mediaDevices) {
  for (const opener of document.querySelectorAll("[data-camera]")) {
    opener.hidden = false;
    opener.addEventListener("click", show);
  }
  video.addEventListener("resize", () => {
    taker.disabled = !isReady(video);
    taker.focus();
  });
  dialog.addEventListener("close", () => {
    setLooking(false);
    close(video);
  });
  taker.addEventListener("click", take);
  looker?.addEventListener("click", () => setLooking(looker.ariaPressed !== "true"));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
