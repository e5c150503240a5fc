// <draft-keeper data-url>: what is being written is saved after a pause, so that nothing typed is lost.
class DraftKeeper extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.note = this.querySelector("[data-saved]");
    this.field?.addEventListener("input", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 1200);
  }

  async save() {
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10);
    const kind = this.querySelector("[name=kind]:checked")?.value ?? "reply";
    const body = new URLSearchParams({ body: this.field.value, kind });
    const answer = await fetch(this.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (answer.ok && this.note) this.note.textContent = await answer.text();
  }
}
customElements.define("draft-keeper", DraftKeeper);
