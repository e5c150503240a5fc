// What turns by itself: when a promise turns, every piece marked with data-turns is taken anew from this page's address;
// a piece with data-poll is asked for by its own address every half minute, and a little after a promise turned.
const AGAIN = 30_000;
const AFTER_THE_WORKER = 8_000; // the notice of a breach is written a moment after its instant
let asked = 0;

async function renewed(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null; // signed out or no network: what is shown stays
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function exchange(old, page) {
  const piece = page?.getElementById(old.id);
  // Nobody's words are taken away while they are being written.
  if (!piece || (old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))) return;
  const opened = [...old.querySelectorAll("details")].map((each) => each.open);
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(piece);
  [...piece.querySelectorAll("details")].forEach((each, place) => (each.open = opened[place] ?? each.open));
  window.htmx?.process(piece);
  if (hadFocus) piece.querySelector("a, summary")?.focus();
}

async function turn() {
  // Several clocks turn at one instant; the page is asked once.
  const mine = ++asked;
  await new Promise((later) => setTimeout(later, 200));
  if (mine !== asked) return;
  const page = await renewed(window.location.href);
  if (!page) return setTimeout(turn, AGAIN);
  for (const old of document.querySelectorAll("[data-turns][id]")) exchange(old, page);
  setTimeout(poll, AFTER_THE_WORKER);
}

async function poll() {
  for (const old of document.querySelectorAll("[data-poll][id]")) exchange(old, await renewed(old.dataset.poll));
}

document.addEventListener("promise-due", turn);
setInterval(() => document.hidden || poll(), AGAIN);
