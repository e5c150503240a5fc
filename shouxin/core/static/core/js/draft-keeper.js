// <draft-keeper data-url>: what is being written is saved after a pause, with its kind, so that nothing typed is lost.
import { told } from "./failures.js";

class DraftKeeper extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.note = this.querySelector("[data-saved]");
    this.field?.addEventListener("input", () => this.later());
    this.addEventListener("change", (event) => { if (event.target.name === "kind") this.later(); });
    this.closest("form")?.addEventListener("submit", () => clearTimeout(this.timer));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 1200);
  }

  async save() {
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10);
    const kind = this.querySelector("[name=kind]:checked")?.value ?? "reply";
    const body = new URLSearchParams({ body: this.field.value, kind });
    const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body, headers, redirect: "error" });
      if (answer.ok && this.note) this.note.textContent = await answer.text();
      else if (!answer.ok) told(this, answer.status, await answer.text(), answer.headers.get("content-type"));
    } catch {
      told(this, 0, "", "");
    }
  }
}
customElements.define("draft-keeper", DraftKeeper);
