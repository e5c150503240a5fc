// What others changed: pieces that name a channel are fetched again when the server says so, and marked for 3 s.
const pieces = () => [...document.querySelectorAll("[data-live]")];

if (pieces().length && "EventSource" in window) {
  const channels = [...new Set(pieces().map((piece) => piece.dataset.live))];
  const source = new EventSource(`/live/?${new URLSearchParams(channels.map((name) => ["channel", name]))}`);
  source.addEventListener("changed", (event) => {
    for (const piece of pieces().filter((each) => each.dataset.live === event.data)) {
      window.htmx?.ajax("GET", piece.dataset.url, { target: piece, swap: "outerHTML" }).then(() => {
        document.getElementById(piece.id)?.classList.add("changed");
      });
    }
  });
}
