// A clock that moves: the arc follows the points the server reckoned (share of working time, still while closed or
// paused); when its words or its state change, the page is told, and turning.js asks the server for the truth.
class PromiseClock extends HTMLElement {
  connectedCallback() {
    // Counted from the rendering, by the server's clock: the one of this machine may be wrong.
    this.since = Date.now();
    this.points = (this.dataset.arc || "").split(" ").filter(Boolean).map((point) => point.split(":").map(Number));
    if (this.points.length > 1) this.timer = setInterval(() => this.draw(), 5000);
    if (this.dataset.wait) this.turn = setTimeout(() => this.dispatch(), Math.min(this.dataset.wait * 1000 + 500, 2 ** 31 - 1));
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.turn);
  }

  draw() {
    const passed = (Date.now() - this.since) / 1000;
    const next = this.points.findIndex(([at]) => at > passed);
    const [[from, low], [to, high]] = next < 1 ? Array(2).fill(this.points.at(-1)) : [this.points[next - 1], this.points[next]];
    const share = to > from ? low + ((high - low) * (passed - from)) / (to - from) : high;
    this.querySelector(".ring-used")?.setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
  }

  dispatch() {
    this.dispatchEvent(new CustomEvent("promise-due", { bubbles: true }));
  }
}
customElements.define("promise-clock", PromiseClock);
