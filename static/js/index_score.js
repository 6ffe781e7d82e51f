// A score sheet keeps itself: two seconds after the last touch it goes to the server, and again when there is network.
import { gettext, interpolate } from "./lib/i18n.js";

const WAIT_MS = 2000;
const RETRY_MS = 15_000;
const NO_CONTENT = 204;

const form = document.querySelector("[data-score]");
const state = form.querySelector("[data-score-state]");
let timer;
let isDirty = false;
let isLeaving = false;

const tell = (text) => {
  state.textContent = text;
};

function draft() {
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (!["value", "reason", "facts", "csrfmiddlewaretoken"].includes(name)) data.delete(name);
  return data;
}

async function keep() {
  clearTimeout(timer);
  isDirty = false;
  try {
    const answer = await fetch(location.href, { method: "POST", body: draft(), headers: { "X-Draft": "1" }, redirect: "error" });
    if (answer.status === NO_CONTENT)
      tell(interpolate(gettext("Kept at %(time)s"), { time: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));
    else tell((await answer.text()) || gettext("Not kept. Use the button to save."));
  } catch {
    isDirty = true;
    tell(gettext("Not kept yet: no network. It is tried again."));
    timer = setTimeout(keep, RETRY_MS);
  }
}

function touched(event) {
  if (event.target.closest("details")) return;
  isDirty = true;
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT_MS);
}

form.addEventListener("input", touched);
form.addEventListener("change", touched);
form.addEventListener("submit", () => {
  isLeaving = true;
  clearTimeout(timer);
});
addEventListener("online", () => isDirty && keep());
document.addEventListener("visibilitychange", () => document.hidden && isDirty && keep());
addEventListener("beforeunload", (event) => {
  if (isDirty && !isLeaving) event.preventDefault();
});
