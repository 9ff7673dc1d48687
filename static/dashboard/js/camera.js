// The camera as one more way to give an image.

const dialog = document.querySelector("#camera");
const video = dialog?.querySelector("video");
const button = dialog?.querySelector("[data-take]");

// Before its first picture a camera shows a placeholder of a few pixels.
const LEAST_WIDTH = 48;

async function open() {
  button.disabled = true;
  dialog.showModal();
  const problem = dialog.querySelector("[role=alert]");
  problem.hidden = true;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    });
  } catch {
    problem.hidden = false;
  }
}

function close() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

function take() {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob((blob) => {
    const photo = new File([blob], "camera.jpg", { type: "image/jpeg" });
    document.dispatchEvent(new CustomEvent("photo", { detail: photo }));
  }, "image/jpeg", 0.92);
  dialog.close();
}

if (dialog && navigator.mediaDevices) {
  for (const opener of document.querySelectorAll("[data-camera]")) {
    opener.hidden = false;
    opener.addEventListener("click", open);
  }
  video.addEventListener("resize", () => {
    button.disabled = video.videoWidth < LEAST_WIDTH;
    button.focus();
  });
  dialog.addEventListener("close", close);
  button.addEventListener("click", take);
}
