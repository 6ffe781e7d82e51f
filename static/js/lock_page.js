// The lock of a remembered phone: opens with its PIN, by itself where the phone is still open and only the server has waited too long.
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { lockState, NoMoreTries, proveOpen, unlock } from "./lib/phone.js";
import { obeyRevocation, personOf, signedIn } from "./lib/session.js";
import { WrongSecret } from "./lib/vault.js";

const element = (id) => document.getElementById(id);
const form = element("lock");

function next() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin && !address.pathname.startsWith("/kunci") ? address.pathname + address.search : "/";
}

function fail(text) {
  element("lock-error").hidden = !text;
  element("lock-error-text").textContent = text;
}

function textOf(error) {
  if (error instanceof NoMoreTries)
    return gettext("Ten wrong PINs: what was cached is wiped. Reports that wait are kept; sign in with your password to get at them again.");
  if (!(error instanceof WrongSecret)) throw error;
  return interpolate(ngettext("Wrong PIN. %(left)s try left.", "Wrong PIN. %(left)s tries left.", error.left), { left: error.left });
}

async function open(user) {
  fail("");
  form.setAttribute("aria-busy", "true");
  try {
    await unlock(user, element("pin").value);
    location.replace(next());
  } catch (error) {
    element("pin").value = "";
    fail(textOf(error));
    element("pin").focus();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** Signing in again asks for the password, which brings the key back. */
async function signInAgain() {
  element("lock-help").hidden = false;
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  await fetch("/keluar/", { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  location.assign(form.dataset.signIn);
}

async function main() {
  await obeyRevocation();
  const user = await signedIn();
  if (!user) {
    element("lock-none").hidden = false;
    return;
  }
  const state = await lockState(user);
  if (state === "open" && (await proveOpen(user))) {
    location.replace(next());
    return;
  }
  const person = await personOf(user);
  element("lock-person").textContent = person?.name ?? "";
  form.hidden = false;
  element("pin").focus();
  if (state === "none") fail(gettext("The PIN of this phone is gone. Sign in with your password and choose a new one."));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) open(user);
  });
  element("lock-forgotten").addEventListener("click", signInAgain);
}

main();
