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
