// The desk's small helpers: every one improves a page that already works without it.
import "./keys.js";
import "./promise-clock.js";
import "./draft-keeper.js";
import "./live.js";
import "./helpers.js";

// htmx sends Django's token along, and announces what failed in the reader's words.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (token) event.detail.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
});
