// Asks for the passphrase of the queue's file, writes the file and reads it in.

import { gettext, interpolate, ngettext } from "./i18n.js";
import { exportQueue, importQueue, NotOurFile, OtherUsersFile, SHORTEST, WrongSecret } from "./queue_file.js";
import { localInput } from "./times.js";
import { isAble } from "./vault.js";

const element = (id) => document.getElementById(id);

function save(file) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  const day = localInput(Date.now()).replace(/[T:]/g, "-");
  const link = Object.assign(document.createElement("a"), { href: address, download: `antrean-polmas-${day}.polmas` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Shows a dialog of the page; `act(fields)` runs when it is sent and answers a text, or throws one to show inside. Resolves when it is closed. */
function ask(template, act) {
  const dialog = element(template).content.firstElementChild.cloneNode(true);
  const form = dialog.querySelector("form");
  const note = dialog.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    note.textContent = "";
    try {
      element("file-state").textContent = await act(form.elements);
      dialog.close();
    } catch (error) {
      note.textContent = textOf(error);
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  dialog.querySelector("[data-act=close]").addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
  });
}

class TooShort extends Error {}
class NoFile extends Error {}

function textOf(error) {
  if (error instanceof TooShort) return interpolate(gettext("At least %(count)s letters."), { count: SHORTEST });
  if (error instanceof NoFile) return gettext("Choose the file.");
  if (error instanceof NotOurFile) return gettext("This is not a queue of polmas, or the file is damaged.");
  if (error instanceof OtherUsersFile) return gettext("This file holds somebody else's reports. Only they can read it in.");
  if (error instanceof WrongSecret) return gettext("The passphrase does not open this file.");
  throw error;
}

async function write(user, { passphrase }) {
  if (passphrase.value.length < SHORTEST) throw new TooShort();
  const file = await exportQueue(user, passphrase.value);
  save(file);
  const { count } = file;
  return interpolate(ngettext("%(count)s report is in the file.", "%(count)s reports are in the file.", count), { count });
}

async function read(user, { file, passphrase }) {
  if (!file.files.length) throw new NoFile();
  const counts = await importQueue(user, await file.files[0].text(), passphrase.value);
  return interpolate(gettext("Read in: %(taken)s. Already here or sent: %(known)s."), counts);
}

function unable() {
  element("file-state").textContent = gettext("This browser can't encrypt here: polmas must be opened by an address that begins with https.");
  return Promise.resolve();
}

export function offerFile(user) {
  return isAble() ? ask("export-dialog", (fields) => write(user, fields)) : unable();
}

export function askForFile(user) {
  return isAble() ? ask("import-dialog", (fields) => read(user, fields)) : unable();
}
