// What could not be done is said beside the form, which stays as it is: signed out, refused, failed, no connection.
const words = document.getElementById("failures")?.dataset ?? {};

export function told(near, status, text, type) {
  const place = near.closest("form") ?? near;
  let note = place.querySelector(":scope > .notice[data-failed]");
  if (!note) {
    note = document.createElement("p");
    note.className = "notice notice--error";
    note.dataset.failed = "";
    note.setAttribute("role", "alert");
    place.prepend(note);
  }
  note.textContent = type?.startsWith("text/plain") && text ? text : status ? words.failed : words.offline;
  if (status !== 401) return;
  const link = document.createElement("a");
  link.href = "/";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words.signIn;
  note.append(" ", link);
}

const about = ({ detail }) => detail.requestConfig?.elt ?? detail.elt;
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  told(about(event), xhr.status, xhr.responseText, xhr.getResponseHeader("content-type"));
});
document.addEventListener("htmx:sendError", (event) => told(about(event), 0, "", ""));
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) about(event).closest("form")?.querySelector("[data-failed]")?.remove();
});
