import { afterEach, expect, test } from "vitest";
import { gettext, interpolate, ngettext } from "../../static/js/lib/i18n.js";

afterEach(() => {
  delete globalThis.gettext;
  delete globalThis.ngettext;
});

test("without a catalogue the text itself stands", () => {
  expect(gettext("Save")).toBe("Save");
  expect(ngettext("one report", "many reports", 1)).toBe("one report");
  expect(ngettext("one report", "many reports", 2)).toBe("many reports");
});

test("with a catalogue its words stand", () => {
  globalThis.gettext = (text) => ({ Save: "Simpan" })[text] ?? text;
  globalThis.ngettext = () => "laporan";
  expect(gettext("Save")).toBe("Simpan");
  expect(ngettext("report", "reports", 3)).toBe("laporan");
});

test("named values are filled in, unknown ones stay", () => {
  expect(interpolate("%(count)s of %(total)s", { count: 0, total: 3 })).toBe("0 of 3");
  expect(interpolate("%(name)s", {})).toBe("%(name)s");
  expect(interpolate("%(name)s", { name: "$& %(count)s" })).toBe("$& %(count)s");
});
