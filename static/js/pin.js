// The page on which a phone gets its PIN.
import { gettext } from "./lib/i18n.js";
import { removePin, setPin } from "./lib/phone.js";
import { noteDevice } from "./lib/session.js";
import { isAble } from "./lib/vault.js";

const element = (id) => document.getElementById(id);
const form = element("pin-form");
const { user, next } = form.dataset;
const EASY = /^(\d)\1{5}$|^(123456|654321|012345|112233|121212)$/;

function faultOf(pin, again) {
  if (!/^\d{6}$/.test(pin)) return gettext("A PIN has 6 digits.");
  if (EASY.test(pin)) return gettext("This PIN is guessed first. Choose another one.");
  return pin === again ? "" : gettext("The two PINs differ.");
}

function show(text) {
  element("pin-error").hidden = !text;
  element("pin-error-text").textContent = text;
  if (text) element("pin-error").focus();
}

function textOf({ status, code }) {
  if (status === 0) return gettext("No network right now. The PIN is set once there is.");
  if (code === "password_needed") return gettext("Type your password, then set the PIN again.");
  return gettext("It did not work. Sign out, sign in again and try once more.");
}

async function set() {
  const fault = faultOf(element("pin").value, element("pin-again").value);
  show(fault);
  if (fault) return;
  element("pin-state").textContent = gettext("Encrypting what lies on this phone …");
  const answer = await setPin(user, element("pin").value, element("password").value);
  element("pin-state").textContent = "";
  if (answer.status === 204) {
    location.assign(next);
    return;
  }
  element("password-part").hidden = answer.code !== "password_needed";
  show(textOf(answer));
}

let isBusy = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  await set().finally(() => {
    isBusy = false;
  });
});

element("pin-off")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!event.target.dataset.confirmed) return;
  const answer = await removePin(user);
  if (answer.status === 204) location.assign(next);
  else show(textOf(answer));
});

if (isAble()) {
  form.hidden = false;
  if (element("pin-off")) element("pin-off").hidden = false;
} else element("pin-unable").hidden = false;
if (form.dataset.device) noteDevice(user, form.dataset.device);
