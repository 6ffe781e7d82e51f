// The first page of recording: the drafts on this phone.
import { listDrafts } from "./lib/drafts.js";
import { watchNetwork } from "./lib/network.js";
import { entryOf } from "./lib/outbox.js";
import { moment } from "./lib/times.js";

const MOST = 5;

async function addressOf(base, user, { id, form, replaces }) {
  const mended = replaces ?? ((await entryOf(user, id)) && id);
  if (mended) return `${base}?perbaiki=${mended}`;
  return form.version > 1 ? `${base}${id}/` : `${base}?draf=${id}`;
}

async function rowFor(template, user, draft) {
  const row = template.content.firstElementChild.cloneNode(true);
  const link = row.querySelector("a");
  link.href = await addressOf(link.getAttribute("href"), user, draft);
  row.querySelector(".row-title").textContent = draft.title;
  row.querySelector(".row-meta").textContent = [moment(draft.saved_at), draft.form.result].filter(Boolean).join(" · ");
  return row;
}

async function showDrafts(user) {
  const drafts = (await listDrafts(user)).slice(0, MOST);
  const template = document.getElementById("draft-row");
  const rows = await Promise.all(drafts.map((draft) => rowFor(template, user, draft)));
  document.getElementById("draft-rows").replaceChildren(...rows);
  document.getElementById("drafts").hidden = !rows.length;
}

const { user } = document.getElementById("choose").dataset;
watchNetwork();
showDrafts(user);
