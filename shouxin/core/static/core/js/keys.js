// n next · j/k move · Enter open · r reply · Ctrl-Enter send · c close · ? all keys · Ctrl-K search.
// Silent while an input method composes or a field has the focus; off when the profile says so.
export const FIELD = "input:not([type=hidden]), select, textarea, button";
const off = document.documentElement.dataset.shortcuts === "off";
const rows = () => [...document.querySelectorAll("[data-row]")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all.forEach((row) => row.removeAttribute("aria-selected"));
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
}

function press(name) {
  const target = document.querySelector(`[data-key="${name}"]`);
  if (!target) return false;
  if (target.matches("textarea, input:not([type=submit])")) target.focus();
  else if (target.matches("details")) { target.open = true; target.querySelector(FIELD)?.focus(); }
  else target.click();
  return true;
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  n: () => press("next"),
  r: () => press("reply"),
  c: () => press("close"),
  "?": () => document.getElementById("keys")?.showModal(),
  Enter: () => document.querySelector('[data-row][aria-selected="true"] a')?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (press("search")) event.preventDefault();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.matches("textarea")) {
    event.target.form?.requestSubmit(event.target.form.querySelector("[data-key=send]"));
    return;
  }
  if (off || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const act = actions[event.key];
  if (act && act() !== false) event.preventDefault();
});
