// A door: a badge is scanned or typed, or nobody is named; the camera's photo is sent, the verdict is
// shown and heard, and after some seconds the door waits for the next. It works on when the network
// or the camera comes back.

import { isReady, open, photo, sharpest } from "./live.js";

const form = document.querySelector("[data-door]");
const video = form.querySelector("video");
const badge = form.querySelector("#badge");
const seen = document.querySelector("#seen");
const trouble = document.querySelector("[data-trouble]");
const idle = seen.firstElementChild;

const SHOWN_MS = 5000;
const GLANCE_MS = 1500;
const AGAIN_MS = 3000;
const GLANCE_WIDTH = 640;
const TONES = { match: [660, 880], maybe: [440], no: [220, 165], none: [220, 165] };

let busy = false;
let sounds = null;

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function say(words) {
  trouble.hidden = !words;
  trouble.textContent = words;
}

function sound(kind) {
  sounds ??= new AudioContext();
  for (const [at, hertz] of (TONES[kind] ?? []).entries()) {
    const tone = sounds.createOscillator();
    const volume = sounds.createGain();
    volume.gain.value = 0.2;
    tone.frequency.value = hertz;
    tone.connect(volume).connect(sounds.destination);
    tone.start(sounds.currentTime + at * 0.18);
    tone.stop(sounds.currentTime + at * 0.18 + 0.16);
  }
}

async function send(file, name, glance) {
  const body = new FormData(form);
  body.set("image", file);
  body.set("name", name);
  if (glance) body.set("glance", "yes");
  for (;;) {
    try {
      const answer = await fetch(form.dataset.door, { method: "POST", body, headers: { "HX-Request": "true" } });
      say("");
      return { ok: answer.ok, status: answer.status, html: await answer.text() };
    } catch {
      if (glance) return null;
      say("No connection. Trying again …");
      await wait(AGAIN_MS);
    }
  }
}

function show({ html }) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  seen.replaceChildren(...parsed.childNodes);
  const verdict = seen.querySelector(".glance");
  return Object.keys(TONES).find((kind) => verdict?.classList.contains(kind));
}

function reset() {
  seen.replaceChildren(idle);
  badge.value = "";
  badge.focus();
}

// A verdict that is kept, shown and heard, and gone after some seconds.
async function check(name) {
  if (busy || !isReady(video)) return;
  busy = true;
  const answer = await send(await sharpest(video), name, false);
  sound(show(answer) ?? "no");
  await wait(SHOWN_MS);
  reset();
  busy = false;
}

// While nobody is named, whoever is recognised in passing is checked.
async function look() {
  for (;;) {
    await wait(GLANCE_MS);
    if (busy || badge.value || document.hidden || !isReady(video)) continue;
    const answer = await send(await photo(video, GLANCE_WIDTH), "", true);
    if (busy || badge.value) continue;
    if (!answer) say("No connection. Trying again …");
    else if (answer.status === 401) say("This door was switched off. Sign in to switch it on again.");
    else if (answer.ok && answer.html.includes('class="glance match"')) await check("");
  }
}

async function begin() {
  try {
    await open(video);
    say("");
    for (const track of video.srcObject.getTracks()) track.addEventListener("ended", begin);
  } catch {
    say("The camera is not available. Allow it for this page, and close other programs that use it.");
    await wait(AGAIN_MS);
    begin();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check(badge.value.trim());
});

const full = document.querySelector("[data-full-screen]");
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => document.documentElement.requestFullscreen());
document.addEventListener("fullscreenchange", () => { full.hidden = Boolean(document.fullscreenElement); });

// A door's screen stays on.
if ("wakeLock" in navigator) {
  const wake = () => document.hidden || navigator.wakeLock.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", wake);
  wake();
}

badge.focus();
begin();
look();
