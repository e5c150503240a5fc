// The desk's small helpers: every one improves a page that already works without it.
import "./keys.js";
import "./promise-clock.js";
import "./failures.js";
import "./turning.js";
import "./draft-keeper.js";
import "./live.js";
import "./helpers.js";

// htmx sends Django's token along, and announces what failed in the reader's words.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
  // Whoever signed in again in another tab has a new token: the one in the form is the old one.
  delete event.detail.parameters.csrfmiddlewaretoken;
});
