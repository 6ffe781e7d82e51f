// What a browser kept of minutes that were not saved.
import { expect, test } from "vitest";
import { isTypedOnOther, momentText } from "../../static/js/lib/kept_draft.js";

test("a kept text of another version, or of none, is compared before anything is saved", () => {
  expect(isTypedOnOther({ version: "3" }, "3")).toBe(false);
  expect(isTypedOnOther({ version: "3" }, "4")).toBe(true);
  expect(isTypedOnOther({}, "1")).toBe(true);
});

test("moments are written as on the pages", () => {
  expect(momentText(new Date(2026, 10, 24, 1, 2, 16), "id")).toBe("24 Nov 2026 01.02");
});
