// Settings: copying a secret, saying that something was saved.

const announcements = document.querySelector("#announcements");

function say(words) {
  announcements.textContent = "";
  setTimeout(() => { announcements.textContent = words; }, 50);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.querySelector(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      say("Copied.");
    } catch {
      say("It could not be copied; select it instead.");
    }
  });
}

// What is on a page from the start is not read out by every screen reader.
const told = [...document.querySelectorAll(".notes .note, #refused, .secret strong")];
if (told.length) say(told.map((note) => note.textContent.trim()).join(" "));

document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
