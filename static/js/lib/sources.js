// What a form opens with: nothing, a draft, an entry of the outbox that needs mending, or a report of the server.
// Each source is {form, draft, replaces, errors} or {blocked}: `draft` is the draft that was restored, `replaces` the
// id of the outbox entry that saving takes the place of, `blocked` why there is no form to show, `isNew` that
// the report gets a number of its own, since the server holds another one under the old.
// `spec` says which kind it is; one that is no report brings its own `path` in the API, `blank` form and `correction` (lib/information.js).

import { get, NoNetwork } from "./api.js";
import { listDrafts, loadDraft } from "./drafts.js";
import { entryOf, isUsed } from "./outbox.js";
import { copyPhotos } from "./photo_store.js";
import { blankForm, correctionOf } from "./report.js";
import { newId } from "./uuid.js";

function blank(id, spec) {
  return (spec.blank ?? blankForm)(id, spec);
}

function restored(draft) {
  return { form: draft.form, draft, replaces: draft.replaces ?? null };
}

async function newestDraft(user, { kind, officer = "" }) {
  const drafts = await listDrafts(user);
  return drafts.find(({ form, replaces }) => form.kind === kind && (form.officer ?? "") === officer && form.version === 1 && !replaces);
}

async function draftOrBlank(user, spec, id) {
  const draft = await loadDraft(user, id);
  if (draft) return restored(draft);
  return { form: blank((await isUsed(user, id)) ? newId() : id, spec) };
}

async function serverReport({ path = "reports" }, id) {
  try {
    return await get(`${path}/${id}/`);
  } catch (error) {
    if (error instanceof NoNetwork) return { status: 0, data: null };
    throw error;
  }
}

/** Why a report cannot be had from the server: it is not ours to change, or this is not the time. */
function reasonFor(status) {
  return status === 404 ? "closed" : "offline";
}

/** Of two answers to the same id the server keeps its own: what stands here becomes a report of its own. */
async function asNewReport(user, entry) {
  const id = newId();
  const photos = await copyPhotos(user, entry.id, id);
  return { form: { ...entry.form, id, version: 1, base_version: null, photos }, replaces: entry.id, isNew: true };
}

/** A correction that met another one: the same words upon the version that the server holds now. */
async function uponServerVersion(spec, entry) {
  const { status, data } = await serverReport(spec, entry.id);
  if (status !== 200) return { blocked: reasonFor(status) };
  return { form: { ...entry.form, version: data.version + 1, base_version: data.version } };
}

async function mending(user, spec, id) {
  const entry = await entryOf(user, id);
  if (entry?.state !== "needs_fixing") return { blocked: entry ? "waiting" : "closed" };
  const { kind, errors } = entry.problem;
  const begun = (await listDrafts(user)).find((draft) => draft.id === id || draft.replaces === id);
  if (begun) return { ...restored(begun), errors };
  if (kind !== "conflict") return { form: entry.form, errors };
  return entry.report.version > 1 ? { ...(await uponServerVersion(spec, entry)), errors } : { ...(await asNewReport(user, entry)), errors };
}

async function correcting(user, spec, id) {
  const entry = await entryOf(user, id);
  if (entry) return entry.state === "needs_fixing" ? mending(user, spec, id) : { blocked: "waiting" };
  const draft = await loadDraft(user, id);
  const { status, data } = await serverReport(spec, id);
  if (status !== 200) return draft && status !== 404 ? restored(draft) : { blocked: reasonFor(status) };
  const fresh = (spec.correction ?? correctionOf)(data, spec);
  if (!draft) return { form: fresh };
  return restored({ ...draft, form: { ...draft.form, version: fresh.version, base_version: fresh.base_version } });
}

/** The source that an address asks for: ?perbaiki=<id>, ?draf=<id>, ?baru=1, a report to correct, or the newest draft. */
export async function sourceFor(user, spec, correction, parameters) {
  if (correction) return correcting(user, spec, correction);
  if (parameters.has("perbaiki")) return mending(user, spec, parameters.get("perbaiki"));
  if (parameters.has("draf")) return draftOrBlank(user, spec, parameters.get("draf"));
  if (parameters.has("baru") || parameters.has("untuk")) return { form: blank(newId(), spec) };
  const draft = await newestDraft(user, spec);
  return draft ? restored(draft) : { form: blank(newId(), spec) };
}
