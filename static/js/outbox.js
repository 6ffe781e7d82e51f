// The page of the outbox: what waits, what needs fixing and why, what the server took lately, and the queue as a file.
import { formAddress } from "./lib/addresses.js";
import { gettext, interpolate, ngettext } from "./lib/i18n.js";
import { watchNetwork } from "./lib/network.js";
import { discard, entriesOf, forgetPhoto, recentlySent, retry } from "./lib/outbox.js";
import { reasonOf } from "./lib/problems.js";
import { askForFile, offerFile } from "./lib/queue_dialogs.js";
import { currentUser } from "./lib/session.js";
import { showEntry } from "./lib/shown_entry.js";
import { listen } from "./lib/signal.js";
import { startSender } from "./lib/sync.js";
import { moment } from "./lib/times.js";

const element = (id) => document.getElementById(id);
const root = element("outbox");
const labels = JSON.parse(element("kind-labels").textContent);
let user;
let sender;

const MOST_SENT = 200; // shown; kept are thirty days

function kilobytes(bytes) {
  return `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function row(template, entry, meta) {
  const made = element(template).content.firstElementChild.cloneNode(true);
  made.querySelector(".row-title").textContent = titleOf(entry);
  made.querySelector(".row-meta").textContent = meta;
  return made;
}

/** Receipts hold no content: of them, and of what lies under a lost key, the kind alone is known. */
function titleOf({ title, kind }) {
  return title ?? labels[kind] ?? kind;
}

function waitingMeta(entry) {
  if (entry.isLocked) return gettext("Encrypted under an earlier PIN: set a PIN again to get at it.");
  const count = entry.photos.length;
  const photos = count ? [interpolate(ngettext("%(count)s photo", "%(count)s photos", count), { count }), kilobytes(entry.bytes)] : [];
  const delivered = entry.delivered_at ? [gettext("report sent")] : [];
  return [moment(entry.occurred_at ?? entry.report.occurred_at), ...delivered, ...photos].join(" · ");
}

function waitingRow(entry) {
  const made = row("waiting-row", entry, waitingMeta(entry));
  const state = entry.isLocked ? "locked" : entry.state;
  for (const badge of made.querySelectorAll("[data-state]")) badge.hidden = badge.dataset.state !== state;
  made.querySelector("[data-act=look]").hidden = Boolean(entry.isLocked);
  made.querySelector("[data-act=look]").addEventListener("click", () => look(entry));
  return made;
}

/** All of an entry, and only from there the way to throw it away. */
function look(entry) {
  showEntry(entry, { title: titleOf(entry), onDiscard: () => discard(user, entry.id) });
}

function sentRow(receipt) {
  const count = receipt.photos ?? 0;
  const photos = count ? [interpolate(ngettext("%(count)s photo", "%(count)s photos", count), { count })] : [];
  const received = interpolate(gettext("received by the server %(sent)s"), { sent: moment(receipt.sent_at) });
  const made = row("sent-row", receipt, [moment(receipt.occurred_at), ...photos, received].join(" · "));
  made.querySelector("a").href = `${receipt.type === "li" ? root.dataset.informations : root.dataset.reports}${receipt.id}/`;
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
  const again = () => retry(user, entry.id).then(() => sender.kick());
  act("retry").addEventListener("click", again);
  onConfirmed(act("drop-photo"), () => forgetPhoto(user, entry.id, entry.problem.photo).then(again));
  act("look").addEventListener("click", () => look(entry));
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
  fill("broken", broken.map(brokenRow));
  fill("waiting", waiting.map(waitingRow));
  fill("sent", receipts.slice(0, MOST_SENT).map(sentRow));
  element("nothing").hidden = entries.length + receipts.length > 0;
  element("outbox-counts").textContent = headline(waiting.length, broken.length);
  element("last-sent").textContent = receipts.length ? interpolate(gettext("Last sent %(time)s"), { time: moment(receipts[0].sent_at) }) : "";
  element("outbox-state").hidden = !waiting.length;
  element("send-now").disabled = !waiting.some((entry) => !entry.isLocked);
  element("earlier-pin").hidden = !entries.some((entry) => entry.isLocked);
  element("export").disabled = !entries.length;
  root.hidden = false;
}

function stateText({ sending, reason, notBefore }) {
  if (sending) return gettext("Sending …");
  if (reason === "offline") return gettext("No network right now. It is sent by itself as soon as there is.");
  if (reason === "signed_out") return gettext("You are signed out. Nothing is lost: sign in again and it is sent.");
  if (reason === "other_user") return gettext("Somebody else is signed in on this phone. What waits is kept until you sign in again.");
  if (reason === "busy" && notBefore) return interpolate(gettext("The server asks for patience until %(time)s."), { time: clock(notBefore) });
  if (reason === "server" || reason === "busy") return gettext("The server does not answer properly right now. It is tried again by itself.");
  return gettext("Safe on this phone: it is sent by itself as soon as there is network.");
}

function hear(news) {
  if (!news.changed) {
    element("outbox-state").textContent = stateText(news);
    element("outbox-sign-in").hidden = news.reason !== "signed_out";
  }
  show();
}

async function main() {
  user = await currentUser();
  listen(hear);
  watchNetwork();
  element("outbox-state").textContent = stateText({});
  element("send-now").addEventListener("click", () => sender.kick());
  element("export").addEventListener("click", () => offerFile(user));
  element("import").addEventListener("click", () => askForFile(user).then(() => sender.kick()));
  sender = startSender(user);
  show();
}

main();
