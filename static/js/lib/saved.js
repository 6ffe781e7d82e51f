// What stands in place of the form once it is saved: that it is safe here, and whether the server has it.

import { gettext, interpolate } from "./i18n.js";
import { entryOf, recentlySent } from "./outbox.js";
import { listen } from "./signal.js";
import { clock } from "./times.js";

const element = (id) => document.getElementById(id);

async function stateOf(user, id) {
  const entry = await entryOf(user, id);
  if (entry?.state === "needs_fixing")
    return { isSent: false, title: gettext("Saved, but the server refused it"), text: gettext("Open the outbox to see why and mend it.") };
  if (entry?.delivered_at) return { isSent: true, title: gettext("Saved"), text: gettext("The report is sent, its photos are on their way.") };
  if (entry)
    return {
      isSent: false,
      title: gettext("Saved · waiting to be sent"),
      text: gettext("Safe on this phone: it is sent by itself as soon as there is network."),
    };
  const receipt = (await recentlySent(user)).find((one) => one.id === id);
  const time = clock(receipt?.sent_at ?? Date.now());
  return { isSent: true, title: gettext("Saved and sent"), text: interpolate(gettext("The server has it since %(time)s."), { time }) };
}

/** `what` names whom and where; once the server has the report, it takes the place of the outbox among the ways on. */
export function showSaved(root, user, id, what, sender) {
  const { reports } = root.dataset;
  element("saved-what").textContent = what;
  element("saved-report").href = `${reports}${id}/`;
  const show = async () => {
    const { isSent, title, text } = await stateOf(user, id);
    element("saved-report").hidden = !isSent;
    element("saved-outbox").hidden = isSent;
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
