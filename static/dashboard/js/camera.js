// The camera as one more way to give an image.

const dialog = document.querySelector("#camera");
const video = dialog?.querySelector("video");

async function open() {
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
  if (!video.videoWidth) return;
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
  for (const button of document.querySelectorAll("[data-camera]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  dialog.addEventListener("close", close);
  dialog.querySelector("[data-take]").addEventListener("click", take);
}
