// Passkeys need a browser that has them: what offers them is hidden without, and says what went wrong.
const has = Boolean(window.PublicKeyCredential);
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = !has;

const trouble = document.getElementById("passkey-trouble");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  trouble.textContent =
    exception?.name === "NotAllowedError"
      ? "The browser got no answer from a passkey. Try again."
      : exception?.name === "InvalidStateError"
        ? "This passkey is known here already."
        : `The browser refused: ${exception?.message ?? "no reason given"}`;
  trouble.hidden = false;
});
