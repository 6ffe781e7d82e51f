// What a form says when it opens: that a draft was restored, or why there is nothing to fill in.

import { discardDraft } from "./drafts.js";
import { gettext, interpolate } from "./i18n.js";
import { moment } from "./times.js";

const element = (id) => document.getElementById(id);

export function alertBox(kind, icon, text) {
  const box = element("alert").content.firstElementChild.cloneNode(true);
  box.classList.add(`alert-${kind}`);
  box.querySelector("use").setAttribute("href", box.querySelector("use").getAttribute("href").replace(/#.*/, `#${icon}`));
  box.querySelector("p").textContent = text;
  element("notice").replaceChildren(box);
  return box;
}

export function showBlocked(root, reason) {
  root.hidden = true;
  const texts = {
    waiting: gettext("This report still waits to be sent from this phone. It can be corrected once the server has it."),
    network: gettext("Recording in an officer's name needs the network. Open this page again once there is some."),
    offline: gettext("The report lies on the server, which cannot be reached right now. Open this page again later."),
    closed: gettext("This report can no longer be changed here."),
    broken: gettext("The form could not be opened. Load the page again; what was typed before is kept."),
  };
  const box = alertBox("warning", "alert-triangle", texts[reason]);
  const link = Object.assign(document.createElement("a"), { className: "btn", href: root.dataset.outbox, textContent: gettext("To the outbox") });
  box.querySelector(".buttons").append(link);
}

/** Where a new form opens, in the same officer's name. */
function addressOfNew({ dataset }) {
  return `${dataset.create}?baru=1${(dataset.query ?? "").replace("?", "&")}`;
}

export function showRestored(root, user, { draft, form, replaces }) {
  const box = alertBox("success", "history", interpolate(gettext("Draft restored, as it was at %(time)s."), { time: moment(draft.saved_at) }));
  const discardForm = element("discard").content.firstElementChild.cloneNode(true);
  discardForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!discardForm.dataset.confirmed) return;
    await discardDraft(user, form.id);
    location.assign(form.version > 1 || replaces ? root.dataset.choose : addressOfNew(root));
  });
  const buttons = box.querySelector(".buttons");
  buttons.append(discardForm);
  if (form.version > 1 || replaces) return;
  buttons.append(
    Object.assign(document.createElement("a"), {
      className: "btn btn-quiet",
      href: addressOfNew(root),
      textContent: gettext("Start a new one"),
    }),
  );
}

/** A reload finds its way back to the same form. */
export function keepAddress(correction, id, parameters) {
  if (!correction && !parameters.has("perbaiki")) history.replaceState(null, "", `?draf=${id}`);
}
