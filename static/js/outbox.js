// The page of the outbox: what waits, what needs fixing and why, what the server took today.
import { formAddress } from "./lib/addresses.js";
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { discard, entriesOf, exportQueue, forgetPhoto, recentlySent, retry } from "./lib/outbox.js";
import { reasonOf } from "./lib/problems.js";
import { listen } from "./lib/signal.js";
import { startSender } from "./lib/sync.js";
import { clock, isToday, localInput, moment } from "./lib/times.js";

const element = (id) => document.getElementById(id);
const root = element("outbox");
const { user } = root.dataset;

function kilobytes(bytes) {
  return `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function row(template, entry, meta) {
  const made = element(template).content.firstElementChild.cloneNode(true);
  made.querySelector(".row-title").textContent = entry.title;
  made.querySelector(".row-meta").textContent = meta;
  return made;
}

function waitingMeta(entry) {
  const count = entry.photos.length;
  const photos = count ? [interpolate(ngettext("%(count)s photo", "%(count)s photos", count), { count }), kilobytes(entry.bytes)] : [];
  const delivered = entry.delivered_at ? [gettext("report sent")] : [];
  return [moment(entry.report.occurred_at), ...delivered, ...photos].join(" · ");
}

function waitingRow(entry) {
  const made = row("waiting-row", entry, waitingMeta(entry));
  for (const badge of made.querySelectorAll("[data-state]")) badge.hidden = badge.dataset.state !== entry.state;
  return made;
}

function sentRow(receipt) {
  const times = { time: clock(receipt.occurred_at), sent: clock(receipt.sent_at) };
  const made = row("sent-row", receipt, interpolate(gettext("%(time)s · received by the server %(sent)s"), times));
  made.querySelector("a").href = `${root.dataset.reports}${receipt.id}/`;
  return made;
}

function mendAddress(entry) {
  if (entry.problem.kind === "photo") return `${root.dataset.reports}${entry.id}/`;
  const form = formAddress(root.dataset.choose, entry.report.kind);
  return entry.report.version > 1 ? `${form}${entry.id}/` : `${form}?perbaiki=${entry.id}`;
}

/** A form asks first (app.js); its act runs once that is confirmed. */
function onConfirmed(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.confirmed) act();
  });
}

function brokenRow(entry) {
  const made = row("broken-row", entry, reasonOf(entry));
  const act = (name) => made.querySelector(`[data-act="${name}"]`);
  const isPhoto = entry.problem.kind === "photo";
  made.querySelector("a").href = mendAddress(entry);
  act("retry").hidden = act("drop-photo").hidden = !isPhoto;
  act("discard").hidden = isPhoto;
  const again = () => retry(user, entry.id).then(() => sender.kick());
  act("retry").addEventListener("click", again);
  onConfirmed(act("drop-photo"), () => forgetPhoto(user, entry.id, entry.problem.photo).then(again));
  onConfirmed(act("discard"), () => discard(user, entry.id));
  return made;
}

function fill(section, rows) {
  element(`${section}-rows`).replaceChildren(...rows);
  element(section).hidden = !rows.length;
}

function headline(waiting, broken) {
  if (!waiting && !broken) return gettext("Everything is sent");
  const parts = [];
  if (waiting) parts.push(interpolate(ngettext("%(count)s waiting", "%(count)s waiting", waiting), { count: waiting }));
  if (broken) parts.push(interpolate(ngettext("%(count)s needs fixing", "%(count)s need fixing", broken), { count: broken }));
  return parts.join(", ");
}

async function show() {
  const [entries, receipts] = await Promise.all([entriesOf(user), recentlySent(user)]);
  const broken = entries.filter((entry) => entry.state === "needs_fixing");
  const waiting = entries.filter((entry) => !broken.includes(entry));
  const today = receipts.filter((receipt) => isToday(receipt.sent_at));
  fill("broken", broken.map(brokenRow));
  fill("waiting", waiting.map(waitingRow));
  fill("sent", today.map(sentRow));
  element("nothing").hidden = entries.length + today.length > 0;
  element("outbox-counts").textContent = headline(waiting.length, broken.length);
  element("last-sent").textContent = receipts.length ? interpolate(gettext("Last sent %(time)s"), { time: moment(receipts[0].sent_at) }) : "";
  element("outbox-state").hidden = !waiting.length;
  element("send-now").disabled = !waiting.length;
  element("export").disabled = !entries.length;
  root.hidden = false;
}

function stateText({ sending, reason, notBefore }) {
  if (sending) return gettext("Sending …");
  if (reason === "offline") return gettext("No network right now. Leave this page open: it is sent by itself as soon as there is.");
  if (reason === "signed_out") return gettext("You are signed out. Nothing is lost: sign in again and it is sent.");
  if (reason === "other_user") return gettext("Somebody else is signed in on this phone. What waits is kept until you sign in again.");
  if (reason === "busy" && notBefore) return interpolate(gettext("The server asks for patience until %(time)s."), { time: clock(notBefore) });
  if (reason === "server" || reason === "busy") return gettext("The server does not answer properly right now. It is tried again by itself.");
  return gettext("Safe on this phone. Leave this page open: it is sent by itself as soon as there is network.");
}

function hear(news) {
  if (!news.changed) {
    element("outbox-state").textContent = stateText(news);
    element("outbox-sign-in").hidden = news.reason !== "signed_out";
  }
  show();
}

async function exportFile() {
  const text = JSON.stringify(await exportQueue(user), null, 1);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const day = localInput(Date.now()).replace(/[T:]/g, "-");
  const link = Object.assign(document.createElement("a"), { href: address, download: `antrean-polmas-${day}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

listen(hear);
watchNetwork();
element("outbox-state").textContent = stateText({});
element("send-now").addEventListener("click", () => sender.kick());
element("export").addEventListener("click", exportFile);
const sender = startSender(user);
show();
