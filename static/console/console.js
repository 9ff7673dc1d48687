// What django-unfold lets scroll is called alike everywhere; each is named by what it holds.
document.addEventListener("DOMContentLoaded", () => {
  const called = (box) =>
    box.querySelector(":scope > table[id]")?.id.replace(/[_-]/g, " ") ?? (box.id ? "Pages" : "Found");
  for (const box of document.querySelectorAll("[data-simplebar]")) {
    box.dataset.simplebarAriaLabel = called(box);
  }
});
