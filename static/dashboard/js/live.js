// A camera's picture, and a form that is sent with it again and again.

// Before its first picture a camera shows a placeholder of a few pixels.
const LEAST_WIDTH = 48;
const GLANCE_WIDTH = 640;

export const isReady = (video) => video.videoWidth >= LEAST_WIDTH;

export async function open(video) {
  video.srcObject = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
  });
}

export function close(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

export function photo(video, width = video.videoWidth) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(width, video.videoWidth);
  canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob(
      (blob) => resolve(new File([blob], "camera.jpg", { type: "image/jpeg" })),
      "image/jpeg",
      0.9,
    );
  });
}

const BURST = 5;
const BURST_MS = 90;
const JUDGED_WIDTH = 160;

// The mean square of the Laplacian of a small grey picture: what is blurred has little of it.
function sharpness(video) {
  const canvas = document.createElement("canvas");
  canvas.width = JUDGED_WIDTH;
  canvas.height = Math.round((JUDGED_WIDTH * video.videoHeight) / video.videoWidth);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = (x, y) => { const at = 4 * (y * width + x); return data[at] + 2 * data[at + 1] + data[at + 2]; };
  let sum = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      sum += (4 * grey(x, y) - grey(x - 1, y) - grey(x + 1, y) - grey(x, y - 1) - grey(x, y + 1)) ** 2;
    }
  }
  return sum;
}

// Of a short burst, the sharpest photo.
export async function sharpest(video) {
  let best = null;
  for (let taken = 0; taken < BURST; taken += 1) {
    if (taken) await new Promise((resolve) => { setTimeout(resolve, BURST_MS); });
    const sharp = sharpness(video);
    if (!best || sharp > best.sharp) best = { sharp, file: await photo(video) };
  }
  return best.file;
}

// One picture is on its way at a time; the next is taken some time after its answer.
export class Look {
  constructor(form) {
    this.form = form;
    this.video = form.querySelector("video");
    this.running = false;
    form.addEventListener("htmx:afterRequest", () => this.later());
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.ask();
  }

  stop() {
    this.running = false;
    clearTimeout(this.timer);
  }

  later() {
    clearTimeout(this.timer);
    if (this.running) this.timer = setTimeout(() => this.ask(), Number(this.form.dataset.live));
  }

  async ask() {
    if (!isReady(this.video) || document.hidden) return this.later();
    const chosen = new DataTransfer();
    chosen.items.add(await photo(this.video, GLANCE_WIDTH));
    if (!this.running) return;
    this.form.querySelector("input[type=file]").files = chosen.files;
    this.form.requestSubmit();
  }
}
