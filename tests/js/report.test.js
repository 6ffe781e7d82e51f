import { beforeEach, describe, expect, test, vi } from "vitest";
import { lengthNote } from "../../static/js/lib/counter.js";
import { autosave, loadDraft } from "../../static/js/lib/drafts.js";
import { faultsFrom } from "../../static/js/lib/faults.js";
import { fitted } from "../../static/js/lib/photos.js";
import { areaAt, metresTo, villageOf } from "../../static/js/lib/places.js";
import { metresBetween } from "../../static/js/lib/position.js";
import { searched, suggested } from "../../static/js/lib/registers.js";
import { blankForm, buildReport, correctionOf, faultsOf, isTouched, noteOnWho, titleOf, withOffset } from "../../static/js/lib/report.js";
import { newId } from "../../static/js/lib/uuid.js";
import { browser, freshDatabase, USER } from "./setup.js";

const HOUSEHOLD = { id: "h1", head_name: "Widodo", rw: "005", rt: "003", area: "33.74.11.1004" };
const DDS = { kind: "DDS", label: "Sambang", sentence: "result", subject: "household", needsSubject: true, canDecline: true };
const WATCH = { kind: "KONTROL_KAMLING", label: "Siskamling check", sentence: "narrative", subject: "post", needsSubject: false };
const FILLED = {
  ...blankForm("a", DDS),
  location: { lat: -7.0629, lon: 110.428, accuracy: 12 },
  who: "known",
  subject: HOUSEHOLD,
  detail: { purposes: ["SILATURAHMI"], received_by: "", absent: false },
  result: "Aman.",
};

describe("the payload", () => {
  test("holds what was filled and leaves out what was not", () => {
    const report = buildReport(FILLED, DDS, new Date("2026-11-20T02:15:00Z"));
    expect(report).toMatchObject({ id: "a", schema: 1, version: 1, base_version: null, kind: "DDS", result: "Aman.", participants: [], photos: [] });
    expect(new Date(report.occurred_at).toISOString()).toBe("2026-11-20T02:15:00.000Z");
    expect(report.detail).toEqual({ household: { id: "h1", head_name: "Widodo", rw: "005", rt: "003" }, purposes: ["SILATURAHMI"] });
    expect("narrative" in report || "field" in report).toBe(false);
  });

  test("a new household has three digits and its landmark", () => {
    const household = { id: "h2", head_name: "Sri", rw: "5", rt: "12", landmark: "Pagar hijau" };
    expect(buildReport({ ...FILLED, who: "new", subject: household }, DDS).detail.household).toEqual({ ...household, rw: "005", rt: "012" });
  });

  test("what was asked for at the visit goes with the household", () => {
    const form = { ...FILLED, subject: { ...HOUSEHOLD, answers: { phone: "0812 1234" } } };
    expect(buildReport(form, DDS).detail.household).toEqual({ id: "h1", head_name: "Widodo", rw: "005", rt: "003", answers: { phone: "0812 1234" } });
    expect(faultsOf(form, DDS)).toEqual([]);
    const wrong = { ...form, subject: { ...HOUSEHOLD, answers: { phone: "belum tahu" } } };
    expect(faultsOf(wrong, DDS).map(([part]) => part)).toEqual(["answer-phone"]);
    expect(faultsFrom([{ attr: "detail.household.answers.phone", detail: "x" }])).toEqual([["answer-phone", "x"]]);
  });

  test("an opinion without words is the sentence of the report", () => {
    const opinions = [{ kind: "KELUHAN", text: "", urgency: "TINGGI", frequency: "", field: "" }];
    expect(buildReport({ ...FILLED, rows: { opinions } }, DDS).detail.opinions).toEqual([{ kind: "KELUHAN", text: "Aman.", urgency: "TINGGI" }]);
  });

  test("text is not trimmed", () => {
    expect(buildReport({ ...FILLED, result: "  dua spasi " }, DDS).result).toBe("  dua spasi ");
  });

  test("a correction of the server's report is its next version with all it held", () => {
    const now = new Date("2026-11-20T02:15:00Z");
    const report = buildReport({ ...FILLED, who: "declined", subject: null, rows: { opinions: [{ kind: "SARAN", text: "Lampu." }] } }, DDS, now);
    const form = correctionOf({ ...report, state: "returned", flags: [] }, DDS);
    expect(form).toMatchObject({ version: 2, base_version: 1, who: "declined", result: "Aman.", location: FILLED.location });
    expect(buildReport(form, DDS, now)).toEqual({ ...report, version: 2, base_version: 1 });
  });

  test("the moment of saving stands beside a time that was set by hand", () => {
    const report = buildReport({ ...FILLED, occurred_at: "2026-11-18T01:00:00Z" }, DDS, new Date("2026-11-20T02:15:00Z"));
    expect([report.occurred_at, report.saved_at].map((time) => new Date(time).getUTCDate())).toEqual([18, 20]);
  });

  test("the reason for being outside is sent where one was chosen", () => {
    expect(buildReport({ ...FILLED, outside_reason: "TUGAS_BKO" }, DDS).outside_reason).toBe("TUGAS_BKO");
    expect("outside_reason" in buildReport(FILLED, DDS)).toBe(false);
  });

  test("times carry the phone's offset", () => {
    expect(withOffset(new Date("2026-11-20T02:15:00Z"))).toMatch(/^2026-11-\d\dT\d\d:15:00[+-]\d\d:\d\d$/);
  });
});

describe("what is said about whom one visits", () => {
  test("a draft without a household is not one whose resident declined", () => {
    const blank = blankForm("a", DDS);
    expect(titleOf(blank, DDS)).toBe("Sambang");
    expect(titleOf({ ...blank, who: "declined" }, DDS)).toBe("Sambang, not named");
    expect(titleOf(FILLED, DDS)).toContain("Widodo");
  });

  test("a household is needed also when nobody was at home", () => {
    expect(noteOnWho({ who: "", absent: true })).toContain("still needs");
    expect(noteOnWho({ who: "", absent: false })).toBe("");
    expect(noteOnWho({ who: "declined", absent: true })).toBe("");
  });

  test("a household of another village than the one stood in is named with both", () => {
    const note = noteOnWho(FILLED, "Padangsari", "Pedalangan");
    expect(note).toContain("in Pedalangan, this one is in Padangsari");
    expect(noteOnWho(FILLED, "Pedalangan", "Pedalangan")).toBe("");
    expect(noteOnWho(FILLED)).toBe("");
  });
});

test("a long text is counted once four fifths of its room are used", () => {
  expect(lengthNote(1600, 2000)).toBe("");
  expect(lengthNote(1601, 2000)).toBe("1601 of 2000 characters");
});

describe("what a form insists on", () => {
  const partsOf = (form) => faultsOf(form, DDS).map(([part]) => part);

  test("nothing but place, person and one sentence", () => {
    expect(partsOf(blankForm("a", DDS))).toEqual(["where", "who", "result"]);
    expect(partsOf(FILLED)).toEqual([]);
    expect(partsOf({ ...FILLED, location: null, area: "33.74.11.1004" })).toEqual([]);
    expect(partsOf({ ...FILLED, who: "declined", subject: null })).toEqual([]);
  });

  test("no sentence when nobody was at home", () => {
    expect(partsOf({ ...FILLED, result: "", detail: { absent: true } })).toEqual([]);
  });

  test("another kind asks for its own sentence, and for its register only where it must", () => {
    const form = { ...blankForm("a", WATCH), area: "33.74.11.1004", detail: { guards_present: 3 } };
    expect(faultsOf(form, WATCH).map(([part]) => part)).toEqual(["narrative"]);
    const post = { id: "p1", name: "Pos 3", rw: "", rt: "" };
    const report = buildReport({ ...form, narrative: "Aktif.", who: "new", subject: post }, WATCH);
    expect(report.kind).toBe("KONTROL_KAMLING");
    expect(report.detail).toEqual({ post: { id: "p1", name: "Pos 3" }, guards_present: 3 });
  });

  test("white space is no sentence", () => {
    expect(partsOf({ ...FILLED, result: " \n " })).toEqual(["result"]);
  });

  test("name, RT and RW of a new household", () => {
    expect(partsOf({ ...FILLED, who: "new", subject: { id: "h", head_name: " ", rt: "x", rw: "" } })).toEqual(["new-head_name", "new-rt", "new-rw"]);
  });

  test("the server's faults find their place on the page", () => {
    const errors = ["area", "detail.household.rt", "detail.opinions.1.text", "result", null].map((attr) => ({ attr, detail: "?" }));
    expect(faultsFrom(errors).map(([part]) => part)).toEqual(["where", "new-rt", "opinions-1", "result", ""]);
  });
});

describe("drafts", () => {
  beforeEach(async () => {
    vi.unstubAllGlobals();
    browser();
    await freshDatabase();
  });

  test("are kept every two seconds while something changes, and no longer once stopped", async () => {
    let form = null;
    const kept = vi.fn();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const keeper = autosave(USER, "a", () => form, kept);
    await vi.advanceTimersByTimeAsync(2000);
    expect(kept).not.toHaveBeenCalled();
    form = { form: { result: "Aman." } };
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(kept).toHaveBeenCalledTimes(1));
    expect((await loadDraft(USER, "a")).form.result).toBe("Aman.");
    keeper.stop();
    form = { form: { result: "lain" } };
    await keeper.keep();
    expect((await loadDraft(USER, "a")).form.result).toBe("Aman.");
  });

  test("an untouched form is not worth one", () => {
    expect(isTouched({ ...blankForm("a", DDS), location: FILLED.location, area: "33" }, null)).toBe(false);
    expect(isTouched({ ...blankForm("a", DDS), result: "A" }, null)).toBe(true);
  });
});

describe("places and people", () => {
  const square = {
    type: "Polygon",
    coordinates: [
      [
        [110.42, -7.07],
        [110.44, -7.07],
        [110.44, -7.05],
        [110.42, -7.05],
        [110.42, -7.07],
      ],
    ],
  };
  const features = [
    { geometry: null, properties: { code: "x" } },
    { geometry: square, properties: { code: "33.74.11.1004" } },
  ];

  test("the village is found on the phone", () => {
    expect(areaAt(features, FILLED.location).properties.code).toBe("33.74.11.1004");
    expect(areaAt(features, { lat: -7, lon: 110 })).toBeNull();
    expect(metresTo(square, FILLED.location)).toBe(0);
    expect(metresTo(square, { lat: -7, lon: 110 })).toBeGreaterThan(10_000);
    expect(metresTo(null, FILLED.location)).toBe(Number.POSITIVE_INFINITY);
  });

  test("an RT found by the server stands in its village", () => {
    const parents = [
      { code: "33.74.11", name: "Banyumanik", level: "KECAMATAN" },
      { code: "33.74.11.1004", name: "Pedalangan", level: "KELURAHAN" },
    ];
    expect(villageOf({ code: "33.74.11.1004.003", name: "003", level: "RW", parents })).toEqual({
      code: "33.74.11.1004",
      name: "Pedalangan, Banyumanik",
    });
  });

  test("distances are in metres", () => {
    expect(Math.round(metresBetween({ lat: -7, lon: 110 }, { lat: -7.001, lon: 110 }))).toBe(111);
  });

  test("households are found by name, RT and RW, without regard to case and accents", () => {
    const households = [HOUSEHOLD, { ...HOUSEHOLD, id: "h2", head_name: "Sri Wahyuni", rt: "004" }];
    expect(searched(households, "SRI").map(({ id }) => id)).toEqual(["h2"]);
    expect(searched(households, "rt 3").map(({ id }) => id)).toEqual(["h1"]);
    expect(searched(households, "").length).toBe(2);
  });

  test("the one not visited for longest in the village is suggested, never visited first", () => {
    const seen = { ...HOUSEHOLD, last_visit_on: "2026-06-28" };
    const longAgo = { ...HOUSEHOLD, id: "h2", last_visit_on: "2026-01-02" };
    const elsewhere = { ...HOUSEHOLD, id: "h3", area: "33.74.11.1005", last_visit_on: null };
    expect(suggested([seen, longAgo, elsewhere], null, "33.74.11.1004").id).toBe("h2");
    expect(suggested([seen, longAgo, elsewhere], null, "").id).toBe("h3");
    expect(suggested([], null, "")).toBeNull();
  });

  test("pictures fit into 1600 pixels and are never blown up", () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(800, 600)).toEqual({ width: 800, height: 600 });
  });

  test("ids are UUIDs also where the browser makes none", () => {
    vi.stubGlobal("crypto", { getRandomValues: (bytes) => bytes.fill(171) });
    expect(newId()).toBe("abababab-abab-4bab-abab-abababababab");
    vi.unstubAllGlobals();
  });
});
