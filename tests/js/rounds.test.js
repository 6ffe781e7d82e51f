import { describe, expect, test } from "vitest";
import { blankForm, buildReport, correctionOf, faultsOf } from "../../static/js/lib/report.js";
import { extended, lengthOf, postIn, runningRound, spanOf } from "../../static/js/lib/rounds.js";

const PATROL = {
  kind: "PATROLI",
  label: "Patroli",
  sentence: "narrative",
  subject: "",
  needed: ["mode"],
  neededRows: { checkpoints: "Mark one point at least." },
  asksSituation: true,
};
const PLACE = { lat: -7.0629, lon: 110.428, accuracy: 12 };
const POINTS = [
  { at: "2026-11-20T21:10:00+07:00", location: null, post: null, name: "", finding: "", action: "", situation: "" },
  {
    at: "2026-11-20T22:40:00+07:00",
    location: PLACE,
    post: { id: "p", name: "Pos RW 05" },
    name: "",
    finding: "Lampu mati",
    action: "",
    situation: "",
  },
];
const FILLED = { ...blankForm("a", PATROL), area: "33.74.11.1004", detail: { mode: "R2", track: null }, rows: { checkpoints: POINTS } };
const POST = "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11";

describe("a patrol", () => {
  test("lasts from its first point to its last and lies where its first position is", () => {
    const report = buildReport(FILLED, PATROL, new Date("2026-11-21T09:00:00+07:00"));
    expect(new Date(report.occurred_at)).toEqual(new Date(POINTS[0].at));
    expect(new Date(report.ended_at)).toEqual(new Date(POINTS[1].at));
    expect(report.location).toEqual(PLACE);
    expect(report.detail).toEqual({
      mode: "R2",
      checkpoints: [{ at: POINTS[0].at }, { at: POINTS[1].at, location: PLACE, post: { id: "p", name: "Pos RW 05" }, finding: "Lampu mati" }],
    });
  });

  test("has the times that the officer wrote, and no end before its start", () => {
    const typed = { ...FILLED, occurred_at: "2026-11-20T21:00", ended_at: "2026-11-20T23:00" };
    const report = buildReport(typed, PATROL);
    expect(new Date(report.ended_at)).toEqual(new Date("2026-11-20T23:00"));
    expect(buildReport({ ...FILLED, occurred_at: "2026-11-20T23:30:00+07:00" }, PATROL)).not.toHaveProperty("ended_at");
  });

  test("needs how they went and a point; words only where it was not safe", () => {
    expect(faultsOf(FILLED, PATROL)).toEqual([]);
    expect(faultsOf({ ...FILLED, detail: { mode: "" }, rows: {} }, PATROL).map(([part]) => part)).toEqual(["detail-mode", "detail-checkpoints"]);
    expect(faultsOf({ ...FILLED, situation: "RAWAN" }, PATROL).map(([part]) => part)).toEqual(["narrative"]);
  });

  test("comes back from the server with its points and its track", () => {
    const track = [
      [110.428, -7.06],
      [110.429, -7.06],
    ];
    const report = buildReport({ ...FILLED, detail: { mode: "R2", track } }, PATROL);
    const form = correctionOf(report, PATROL);
    expect(form.detail.track).toEqual(track);
    expect(form.rows.checkpoints).toHaveLength(2);
    expect(buildReport(form, PATROL)).toEqual({ ...report, version: 2, base_version: 1 });
  });

  test("that goes on says since when", () => {
    expect(runningRound(FILLED)).toMatch(/Patrol going on since \d\d\.\d\d · 2 points/);
    expect(runningRound({ ...FILLED, version: 2 })).toBe("");
    expect(runningRound({ ...FILLED, rows: {} })).toBe("");
    expect(spanOf({})).toBe(null);
  });
});

describe("the track", () => {
  test("takes fixes that are sure and away from the last", () => {
    const first = extended([], PLACE);
    expect(first).toEqual([[110.428, -7.0629]]);
    expect(extended(first, { ...PLACE, lat: -7.06291 })).toBe(first);
    expect(extended(first, { ...PLACE, lat: -7.07, accuracy: 80 })).toBe(first);
    const second = extended(first, { ...PLACE, lat: -7.0639 });
    expect(lengthOf(second)).toBeCloseTo(111, 0);
  });

  test("never grows beyond what the server takes", () => {
    const long = Array.from({ length: 2000 }, (_none, step) => [110 + step / 1000, -7]);
    expect(extended(long, { lat: -7, lon: 115, accuracy: 5 })).toHaveLength(1001);
  });
});

test("a QR code is a post's or none", () => {
  expect(postIn(`https://polmas.polri.go.id/pos/${POST.toUpperCase()}/`)).toBe(POST);
  expect(postIn(`https://polmas.polri.go.id/pos/${POST}/ubah/`)).toBe("");
  expect(postIn("https://polmas.polri.go.id/")).toBe("");
});
