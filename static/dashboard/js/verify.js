// A verdict belongs to one claim and one photo: it goes when either changes.

const form = document.querySelector("[data-verify]");
const answer = document.querySelector("#verified");

form.addEventListener("change", ({ target }) => {
  if (target.name === "category" || target.type === "file") answer.replaceChildren();
});

// A photo that is there already is verified against the new claim.
form.addEventListener("change", ({ target }) => {
  if (target.name !== "category") return;
  if (form.querySelector("input[type=file]").files.length) form.requestSubmit();
});
