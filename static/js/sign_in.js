// The sign-in page: tells the server which phone this is, and lets a phone that was put out wipe itself.
import { isRemembered } from "./lib/phone.js";
import { knownDevices, obeyRevocation } from "./lib/session.js";

async function main() {
  await obeyRevocation();
  document.querySelector("[data-known-devices]").value = knownDevices().slice(0, 10).join(",");
  if (await isRemembered()) document.querySelector("[data-remember]").checked = true;
}

main();
