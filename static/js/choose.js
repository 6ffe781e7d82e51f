// The first page of recording: the drafts on this phone, and the kinds used most.
import { formAddress } from "./lib/addresses.js";
import { listDrafts } from "./lib/drafts.js";
import { kindsUsedMost } from "./lib/last.js";
import { watchNetwork } from "./lib/network.js";
import { entryOf } from "./lib/outbox.js";
import { runningRound } from "./lib/rounds.js";
import { currentUser } from "./lib/session.js";
import { moment } from "./lib/times.js";

const MOST = 5;
const MOST_OFTEN = 3;

async function addressOf(choose, user, { id, form, replaces }) {
  const base = formAddress(choose, form.kind);
  const mended = replaces ?? ((await entryOf(user, id)) && id);
  if (mended) return `${base}?perbaiki=${mended}`;
  return form.version > 1 ? `${base}${id}/` : `${base}?draf=${id}`;
}

async function rowFor(template, user, draft) {
  const row = template.content.firstElementChild.cloneNode(true);
  const link = row.querySelector("a");
  link.href = await addressOf(link.getAttribute("href"), user, draft);
  row.querySelector(".row-title").textContent = runningRound(draft.form) || draft.title;
  row.querySelector(".row-meta").textContent = [moment(draft.saved_at), draft.form.result || draft.form.narrative].filter(Boolean).join(" · ");
  return row;
}

async function showDrafts(user) {
  const drafts = (await listDrafts(user)).slice(0, MOST);
  const template = document.getElementById("draft-row");
  const rows = await Promise.all(drafts.map((draft) => rowFor(template, user, draft)));
  document.getElementById("draft-rows").replaceChildren(...rows);
  document.getElementById("drafts").hidden = !rows.length;
}

async function showOften(user) {
  const cards = (await kindsUsedMost(user, MOST_OFTEN)).map((kind) => document.querySelector(`[data-kind="${kind}"]`)?.cloneNode(true));
  document.getElementById("often-kinds").replaceChildren(...cards.filter(Boolean));
  document.getElementById("often").hidden = !cards.some(Boolean);
}

watchNetwork();
currentUser().then((user) => Promise.all([showDrafts(user), showOften(user)]));
