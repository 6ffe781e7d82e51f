import { expect, test } from "vitest";
import { campaignLines, campaignPayload, filledIn, numberIn, offered, typedOf } from "../../static/js/lib/campaigns.js";
import { faultsFrom } from "../../static/js/lib/faults.js";
import { blankForm, buildReport, correctionOf, faultsOf, isTouched } from "../../static/js/lib/report.js";
import { linesOf } from "../../static/js/lib/shown_entry.js";

const DDS = { kind: "DDS", label: "Sambang", sentence: "result", subject: "household", needsSubject: false, canDecline: true };
const FIELD = { id: "f1", label: "Pohon ditanam", measure: "pohon" };
const TREES = { id: "c1", name: "Tanam Sejuta Pohon", tag: "Tanam pohon", starts_on: "2026-11-10", ends_on: "2026-11-30", fields: [FIELD] };
const FILLED = { ...blankForm("a", DDS), area: "33.74.11.1004", who: "declined", result: "Aman." };

test("those that run on the day of the activity are offered, the report's own also when it is over", () => {
  const others = [
    { ...TREES, id: "over", ends_on: "2026-11-19" },
    { ...TREES, id: "coming", starts_on: "2026-11-21" },
    { ...TREES, id: "soon", ends_on: "2026-11-20" },
  ];
  const on = new Date(2026, 10, 20, 9);
  expect(offered([TREES, ...others], on).map(({ id }) => id)).toEqual(["soon", "c1"]);
  expect(offered([TREES], on, others[0]).map(({ id }) => id)).toEqual(["over", "c1"]);
  expect(offered([], on, TREES)).toEqual([TREES]);
});

test("one that was ended today is still offered for yesterday's report", () => {
  const now = new Date(2026, 10, 20, 9);
  const ended = { ...TREES, state: "ended", ends_on: "2026-11-20" };
  expect(offered([ended], now, null, now)).toEqual([]);
  expect(offered([ended], new Date(2026, 10, 19, 9), null, now)).toEqual([ended]);
});

test("the payload holds the id and what was counted", () => {
  expect(campaignPayload(null)).toBe(null);
  expect(campaignPayload({ ...TREES, values: {} })).toEqual({ id: "c1" });
  expect(buildReport({ ...FILLED, campaign: { ...TREES, values: { f1: 0, f2: null } } }, DDS).campaign).toEqual({ id: "c1", values: { f1: 0 } });
  expect("campaign" in buildReport(FILLED, DDS)).toBe(false);
});

test("a correction begins with the report's own", () => {
  const campaign = { ...TREES, values: { f1: 25 } };
  const form = correctionOf({ ...buildReport(FILLED, DDS), campaign }, DDS);
  expect(buildReport(form, DDS).campaign).toEqual({ id: "c1", values: { f1: 25 } });
});

test("numbers are read as people write them", () => {
  expect(["25", " 12,5 ", "0.333", "1.000", "12.500.000,25", ""].map(numberIn)).toEqual([25, 12.5, 0.33, 1000, 12500000.25, null]);
  for (const text of ["-1", "1e9", "1.00.000", "dua", "9999999999"]) expect(numberIn(text)).toBeNaN();
});

test("what is no number is named at its field, by the form and by the server", () => {
  const [[part]] = faultsOf({ ...FILLED, campaign: { ...TREES, values: { f1: Number.NaN } } }, DDS);
  expect(part).toBe("campaign-f1");
  expect(faultsFrom([{ attr: "campaign.values.f1", detail: "x" }])).toEqual([["campaign-f1", "x"]]);
  expect(faultsFrom([{ attr: "campaign.id", detail: "x" }])).toEqual([["campaign", "x"]]);
});

test("a draft keeps what was typed, a number or not, and is not sent with what is none", () => {
  const own = filledIn(TREES, { f1: "12 pohon", f9: "of a field that is no more" });
  const restored = JSON.parse(JSON.stringify(own));
  expect(typedOf(restored)).toEqual({ f1: "12 pohon" });
  const again = filledIn(TREES, typedOf(restored));
  expect(faultsOf({ ...FILLED, campaign: again }, DDS).map(([part]) => part)).toEqual(["campaign-f1"]);
  const mended = filledIn(TREES, { f1: "12,5" });
  expect(buildReport({ ...FILLED, campaign: mended }, DDS).campaign).toEqual({ id: "c1", values: { f1: 12.5 } });
  expect(filledIn(TREES, { f1: " " }).values).toEqual({});
});

test("fields begin with the numbers of the report", () => {
  expect(typedOf({ ...TREES, values: { f1: 12.5, f2: null } })).toEqual({ f1: "12,5" });
  expect(typedOf(null)).toEqual({});
});

test("a chip that was tapped is worth a draft", () => {
  expect(isTouched({ ...blankForm("a", DDS), campaign: TREES }, null)).toBe(true);
});

test("it is told by its name and its numbers, never by ids", () => {
  expect(campaignLines({ ...TREES, values: { f1: 25 } })).toEqual([
    ["Giat tematik", "Tanam Sejuta Pohon"],
    ["Pohon ditanam", "25 pohon"],
  ]);
  const words = { report: { result: ["Result", ""] }, kinds: {}, lists: {} };
  expect(linesOf({ kind: "DDS", result: "Aman.", campaign: { id: "c1", values: { f1: 1 } } }, words)).toEqual([["Result", "Aman."]]);
});
