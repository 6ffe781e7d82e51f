// On every page of a signed-in person: whose phone this is, the lock, signing out, and for officers what makes the work possible without network.
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { stayOpen } from "./lib/phone.js";
import { prepare, readySince } from "./lib/prepare.js";
import { currentUser, signOut, unsentOf } from "./lib/session.js";
import { lowStorage } from "./lib/storage.js";
import { clock } from "./lib/times.js";
import { watchWorker } from "./lib/worker.js";

const STAY_OPEN_MS = 30_000;
const QUIET_MS = 2000;
const HINTED = "polmas.install-hinted";

function say(text) {
  for (const place of document.querySelectorAll("[data-ready]")) {
    place.textContent = text;
  }
}

async function sayReady(user) {
  const since = await readySince(user);
  say(since ? interpolate(gettext("Ready for work without network · %(time)s"), { time: clock(since) }) : "");
}

/** What the page itself still fetches goes first. */
async function whenQuiet() {
  if (document.readyState !== "complete") await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  await new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve, { timeout: QUIET_MS }));
}

async function getReady(user) {
  const steps = (done, all) => say(interpolate(gettext("Getting ready for work without network … %(done)s/%(all)s"), { done, all }));
  await whenQuiet();
  const hasWorker = await watchWorker();
  if (navigator.onLine && document.body.dataset.user) await prepare(user, steps);
  if (hasWorker) await sayReady(user);
  else say("");
}

/** Says what stays here, wipes what was cached, then signs out. */
async function leave(form, user) {
  const count = await unsentOf(user);
  if (count && !form.dataset.asked) {
    form.dataset.confirm = interpolate(
      ngettext(
        "%(count)s report is not sent yet. It stays on this phone and is sent when you sign in again. Sign out?",
        "%(count)s reports are not sent yet. They stay on this phone and are sent when you sign in again. Sign out?",
        count,
      ),
      { count },
    );
    form.dataset.asked = "yes";
    form.requestSubmit();
    return;
  }
  await signOut(user);
  form.submit();
}

function watchSignOut(user) {
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.confirm && !form.dataset.confirmed) return; // app.js asks
      event.preventDefault();
      leave(form, user);
    });
  }
}

function watchLock(user) {
  const stay = () => stayOpen(user);
  const look = () => (document.visibilityState === "visible" ? currentUser() : stay());
  setInterval(() => document.visibilityState === "visible" && stay(), STAY_OPEN_MS);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => event.persisted && look());
}

/** Once: polmas opens like an app, full screen, from the home screen. */
function offerToInstall() {
  window.addEventListener("beforeinstallprompt", (event) => {
    if (localStorage.getItem(HINTED) || location.pathname !== "/") return;
    event.preventDefault();
    for (const hint of document.querySelectorAll("[data-install]")) {
      hint.hidden = false;
      hint.addEventListener("click", ({ target }) => {
        if (!target.closest("button")) return;
        localStorage.setItem(HINTED, new Date().toISOString());
        hint.hidden = true;
        if (target.closest("[data-act=install]")) event.prompt();
      });
    }
  });
}

async function main() {
  offerToInstall();
  const user = await currentUser();
  watchSignOut(user);
  watchLock(user);
  if (document.body.dataset.files !== "yes") return;
  lowStorage();
  await getReady(user);
}

main();
