// What others changed: pieces that follow a topic are fetched again when its state differs, and marked for 3 s.
// Every topic is told its state at once; only what comes after that is news.
const pieces = () => [...document.querySelectorAll("[data-live]")];
const known = new Map();

function tell(topic, state) {
  const before = known.get(topic);
  known.set(topic, state);
  if (before === undefined || before === state) return;
  for (const piece of pieces().filter((each) => each.dataset.live === topic)) refresh(piece);
}

async function refresh(piece) {
  // Nobody's words are taken away while they are being written.
  if (piece.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
  const { id } = piece;
  await window.htmx?.ajax("GET", piece.dataset.url, { target: piece, swap: "outerHTML" });
  document.getElementById(id)?.classList.add("changed");
}

const topics = [...new Set(pieces().map((piece) => piece.dataset.live))];
if (topics.length && "EventSource" in window) {
  const source = new EventSource(`/live/?${new URLSearchParams(topics.map((topic) => ["topic", topic]))}`);
  for (const topic of topics) source.addEventListener(topic, (event) => tell(topic, event.data));
  window.addEventListener("pagehide", () => source.close());
}
