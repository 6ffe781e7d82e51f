// What stands in the form of a Laporan Informasi, what is sent of it, and what this phone calls it.
import "./setup.js";
import { expect, test } from "vitest";
import {
  blankInformation,
  buildInformation,
  correctionOfInformation,
  faultsOfInformation,
  isInformationTouched,
  raisedFrom,
  SPEC,
} from "../../static/js/lib/information.js";

const ID = "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11";
const FILLED = { area: "33.74.11.1004", field: "KEAMANAN", method: "WAWANCARA", subject: "Balap liar", facts: "Berkumpul Sabtu malam." };

test("a blank form lacks what the field insists on, and nothing more", () => {
  const lacking = faultsOfInformation(blankInformation(ID)).map(([name]) => name);
  expect(lacking).toEqual(["where", "field", "subject", "method", "facts"]);
  expect(faultsOfInformation({ ...blankInformation(ID), ...FILLED })).toEqual([]);
});

test("white space is no subject and no fact; a time of tomorrow was not obtained yet", () => {
  const form = { ...blankInformation(ID), ...FILLED, subject: " ", facts: "\n", occurred_at: "2099-01-01T00:00" };
  expect(faultsOfInformation(form).map(([name]) => name)).toEqual(["subject", "facts", "obtained_at"]);
});

test("what was left empty is not sent; the source goes as a part of its own", () => {
  const form = { ...blankInformation(ID), ...FILLED, source: { name: "Paijo", contact: "", note: "" } };
  const sent = buildInformation(form, new Date("2026-11-20T02:15:00Z"));
  expect(sent).toMatchObject({ id: ID, kind: "LI", version: 1, base_version: null, ...FILLED, source: { name: "Paijo" } });
  expect(new Date(sent.occurred_at).toISOString()).toBe("2026-11-20T02:15:00.000Z");
  for (const name of ["analysis", "event_at", "location", "urgency", "origin"]) expect(sent).not.toHaveProperty(name);
  expect(buildInformation({ ...blankInformation(ID), ...FILLED })).not.toHaveProperty("source");
});

test("a correction is the next version and leaves the sealed source alone", () => {
  const stored = { id: ID, version: 2, occurred_at: "2026-11-20T09:15:00+07:00", ...FILLED, source_alias: "Elang", origin: null };
  const form = correctionOfInformation(stored);
  expect(form).toMatchObject({ version: 3, base_version: 2, source_alias: "Elang", subject: "Balap liar" });
  expect(buildInformation(form)).not.toHaveProperty("source");
});

test("an opinion becomes the facts of a new one, which names where it came from", () => {
  const report = {
    id: "r",
    area: "33.74.11.1004",
    occurred_at: "2026-11-20T09:15:00+07:00",
    detail: { opinions: [{}, { text: "Ada tamu aneh", field: "KEAMANAN" }] },
  };
  const form = raisedFrom(blankInformation(ID), report, 2);
  expect(form).toMatchObject({ facts: "Ada tamu aneh", field: "KEAMANAN", origin: "r", origin_opinion: 2, area: "33.74.11.1004" });
  const whole = raisedFrom(blankInformation(ID), { ...report, narrative: "Terlihat bekas pembakaran" }, 0);
  expect(whole.facts).toBe("Terlihat bekas pembakaran");
  expect(whole).not.toHaveProperty("origin_opinion");
});

test("an untouched form is no draft, and its name on the phone tells nothing", () => {
  expect(isInformationTouched(blankInformation(ID))).toBe(false);
  expect(isInformationTouched({ ...blankInformation(ID), source: { name: "P", contact: "", note: "" } })).toBe(true);
  expect(SPEC.label).toBe("Laporan Informasi");
});
