// A clock that ticks: the arc grows between page loads; when the state may have changed, the page is asked again.
class PromiseClock extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("data-ticking")) return;
    this.start = Date.parse(this.dataset.start);
    this.due = Date.parse(this.dataset.due);
    this.timer = setInterval(() => this.tick(), 20000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const arc = this.querySelector(".ring-used");
    const share = (Date.now() - this.start) / (this.due - this.start);
    if (share >= 1) {
      clearInterval(this.timer);
      this.dispatchEvent(new CustomEvent("promise-due", { bubbles: true }));
      return;
    }
    // The server counts working time where the rule does; only ever move the arc forward.
    if (arc && this.dataset.state === "running" && !this.dataset.working) {
      const shown = parseFloat(arc.getAttribute("stroke-dasharray"));
      arc.setAttribute("stroke-dasharray", `${Math.max(shown, Math.round(share * 100))} 100`);
    }
  }
}
customElements.define("promise-clock", PromiseClock);
