// What stands in place of the form once it is saved: that it is safe here, and whether the server has it.

import { gettext, interpolate } from "./i18n.js";
import { entryOf, recentlySent } from "./outbox.js";
import { listen } from "./signal.js";
import { clock } from "./times.js";

const element = (id) => document.getElementById(id);

async function stateOf(user, id) {
  const entry = await entryOf(user, id);
  if (entry?.state === "needs_fixing")
    return { title: gettext("Saved, but the server refused it"), text: gettext("Open the outbox to see why and mend it.") };
  if (entry?.delivered_at) return { title: gettext("Saved"), text: gettext("The report is sent, its photos are on their way.") };
  if (entry)
    return { title: gettext("Saved · waiting to be sent"), text: gettext("Safe on this phone. It is sent by itself as soon as there is network.") };
  const receipt = (await recentlySent(user)).find((one) => one.id === id);
  const time = clock(receipt?.sent_at ?? Date.now());
  return { title: gettext("Saved and sent"), text: interpolate(gettext("The server has it since %(time)s."), { time }) };
}

export function showSaved(root, id, sender) {
  const { user } = root.dataset;
  const show = async () => {
    const { title, text } = await stateOf(user, id);
    element("saved-title").textContent = title;
    element("saved-state").textContent = text;
  };
  root.hidden = true;
  element("notice").replaceChildren();
  element("draft-state").textContent = "";
  element("saved").hidden = false;
  show().then(() => element("saved-title").focus());
  window.scrollTo(0, 0);
  listen(show);
  sender.kick();
}
