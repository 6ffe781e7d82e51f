// A Laporan Informasi on the phone: unreadable in draft and outbox whatever PIN there is, sent by a route of its own, then wiped.
import { beforeEach, expect, test, vi } from "vitest";
import { rowsOf } from "../../static/js/lib/db.js";
import { listDrafts, saveDraft } from "../../static/js/lib/drafts.js";
import { blankInformation, buildInformation, SPEC } from "../../static/js/lib/information.js";
import { enqueue, entriesOf, recentlySent } from "../../static/js/lib/outbox.js";
import { sendAll } from "../../static/js/lib/sync.js";
import { browser, form, freshDatabase, server, USER } from "./setup.js";

const ID = "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11";
const WRITTEN = {
  ...blankInformation(ID),
  area: "33.74.11.1004",
  field: "KEAMANAN",
  method: "WAWANCARA",
  subject: "zxqperihal",
  facts: "zxqfakta",
  source: { name: "zxqnamaasli", contact: "", note: "" },
};

beforeEach(async () => {
  vi.unstubAllGlobals();
  browser();
  await freshDatabase();
});

function waits() {
  return enqueue(USER, { type: "li", report: buildInformation(WRITTEN), form: WRITTEN, title: SPEC.label, photos: [], bytes: 0 });
}

async function lying(store) {
  return JSON.stringify(await rowsOf(store, USER));
}

function taking({ path, body }) {
  if (path === "me/") return { data: { id: 7 } };
  const items = body.informations ?? body.reports;
  return { data: { results: items.map(({ id }) => ({ id, status: "created", errors: [] })) } };
}

test("its draft cannot be read in the database, and opens again", async () => {
  await saveDraft(USER, ID, { type: "li", form: WRITTEN, title: SPEC.label, replaces: null });
  expect(await lying("drafts")).not.toContain("zxq");
  const [draft] = await listDrafts(USER);
  expect(draft.form).toEqual(WRITTEN);
});

test("nor can what waits to be sent", async () => {
  await waits();
  expect(await lying("outbox")).not.toContain("zxq");
  const [entry] = await entriesOf(USER);
  expect(entry.report.facts).toBe("zxqfakta");
  expect(entry.title).toBe("Laporan Informasi");
});

test("it goes to its own route beside the reports, and only its kind stays", async () => {
  await enqueue(USER, form("a"));
  await waits();
  const requests = server(taking);
  expect((await sendAll(USER)).reason).toBe("done");
  const sent = requests.filter(({ method }) => method === "POST").map(({ path, body }) => [path, (body.reports ?? body.informations).length]);
  expect(sent).toEqual([
    ["reports/sync/", 1],
    ["informations/sync/", 1],
  ]);
  expect(await entriesOf(USER)).toEqual([]);
  expect(await lying("sent")).not.toContain("zxq");
  expect((await recentlySent(USER)).find(({ id }) => id === ID)).toMatchObject({ type: "li", kind: "LI" });
});
