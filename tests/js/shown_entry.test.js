import { expect, test } from "vitest";
import { linesOf } from "../../static/js/lib/shown_entry.js";
import "./setup.js";

const WORDS = {
  lists: { DDS_PURPOSE: { SILATURAHMI: "Silaturahmi", PESAN: "Pesan kamtibmas" }, Situation: { AMAN: "Aman" }, "Opinion.kind": { SARAN: "Saran" } },
  report: {
    occurred_at: ["Waktu", ""],
    result: ["Hasil", ""],
    situation: ["Situasi", "Situation"],
    obstacle_due_on: ["Batas waktu", ""],
    participants: { "": "Siapa yang ikut", kind: ["Dari", ""], name: ["Nama", ""] },
  },
  li: { subject: ["Perihal", ""], source: { "": "Sumber (tersegel)", name: ["Nama asli", ""] } },
  kinds: {
    DDS: {
      purposes: ["Tujuan", "DDS_PURPOSE"],
      absent: ["Tidak di tempat", ""],
      household: { "": "Keluarga", head_name: ["Kepala keluarga", ""], rt: ["RT", ""], answers: { "": "", phone: ["Telepon", ""] } },
      opinions: { "": "Suara warga", kind: ["Jenis", "Opinion.kind"], text: ["Isi", ""] },
    },
    PATROLI: { track: ["Jejak", ""], checkpoints: { "": "Titik", at: ["Pukul", ""], location: ["Posisi", ""], post: ["Pos", ""] } },
  },
};

test("a report is told in the words of its form and its lists", () => {
  const report = {
    id: "a",
    kind: "DDS",
    version: 1,
    area: "33.74.11.1004",
    result: "Aman.",
    situation: "AMAN",
    obstacle_due_on: "2026-11-30",
    participants: [{ kind: "BABINSA", name: "Serka Budi" }, "Pak RT"],
    detail: {
      household: { id: "h", head_name: "Widodo", rt: "003", answers: { phone: "0812 1234" } },
      purposes: ["SILATURAHMI", "PESAN", "LAIN"],
      absent: true,
      opinions: [{ kind: "SARAN", text: "Lampu." }],
    },
  };
  const lines = linesOf(report, WORDS);
  expect(lines).toContainEqual(["Situasi", "Aman"]);
  expect(lines).toContainEqual(["Tujuan", "Silaturahmi, Pesan kamtibmas, LAIN"]);
  expect(lines).toContainEqual(["Keluarga · Kepala keluarga", "Widodo"]);
  expect(lines).toContainEqual(["Telepon", "0812 1234"]);
  expect(lines).toContainEqual(["Suara warga · Jenis", "Saran"]);
  expect(lines).toContainEqual(["Siapa yang ikut", "Pak RT"]);
  expect(lines).toContainEqual(["Siapa yang ikut · Nama", "Serka Budi"]);
  expect(JSON.stringify(lines)).not.toMatch(/SILATURAHMI|AMAN|SARAN|head_name|2026-11-30|33\.74/);
});

test("points, tracks and posts are no heap of numbers", () => {
  const track = [
    [110, -7],
    [110.1, -7],
  ];
  const point = { at: "2026-11-20T21:00:00+07:00", post: { id: "p", name: "Pos RW 05" }, accuracy: null };
  const lines = linesOf({ kind: "PATROLI", detail: { track, checkpoints: [point] } }, WORDS);
  expect(lines).toContainEqual(["Jejak", "2 points"]);
  expect(lines).toContainEqual(["Titik · Pos", "Pos RW 05"]);
  expect(lines.length).toBe(3);
});

test("an LI in the outbox, and a field that nobody has a word for", () => {
  expect(linesOf({ kind: "LI", subject: "Perkara", source: { name: "Paijo" } }, WORDS)).toEqual([
    ["Perihal", "Perkara"],
    ["Sumber (tersegel) · Nama asli", "Paijo"],
  ]);
  expect(linesOf({ kind: "DDS", new_thing: 3, campaign: { id: "c" }, detail: null }, WORDS)).toEqual([["new thing", "3"]]);
});
