import { FIELD } from "./keys.js";

// Small comforts: a filter is applied when it is chosen, what was found is put into its fields, a toast goes by itself,
// a menu closes when one clicks elsewhere or presses Escape. Each page works without them.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-submits]")?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-fills]");
  for (const [name, value] of chosen ? new URLSearchParams(chosen.dataset.fills) : []) {
    const field = document.getElementById(`id_${name}`);
    if (!field) continue;
    event.preventDefault();
    field.value = value;
    field.focus();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

// A form that came when its menu was opened is ready to be filled in.
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches("details[open] form")) event.target.querySelector(FIELD)?.focus();
});

document.documentElement.classList.add("has-script");
for (const toast of document.querySelectorAll(".toast")) {
  const wait = () => { toast.timer = setTimeout(() => toast.remove(), 8000); };
  toast.addEventListener("mouseenter", () => clearTimeout(toast.timer));
  toast.addEventListener("mouseleave", wait);
  wait();
}
