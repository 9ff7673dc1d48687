// A door's page: the camera runs, the answer follows it, nobody has to touch anything.

import { Look, open } from "./live.js";

const form = document.querySelector("[data-live]");
const problem = document.querySelector("[data-no-camera]");
const AGAIN_MS = 5000;

async function begin() {
  try {
    await open(form.querySelector("video"));
    problem.hidden = true;
    new Look(form).start();
  } catch {
    problem.hidden = false;
    setTimeout(begin, AGAIN_MS);
  }
}

const full = document.querySelector("[data-full-screen]");
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => document.documentElement.requestFullscreen());
document.addEventListener("fullscreenchange", () => {
  full.hidden = Boolean(document.fullscreenElement);
});

// A door's screen stays on.
if ("wakeLock" in navigator) {
  const wake = () => document.hidden || navigator.wakeLock.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", wake);
  wake();
}

begin();
