import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eligibilityFaults, isNamedTooMuch, judge, QUESTIONS, ruleOfCategory } from "../../static/js/lib/eligibility.js";

const rules = JSON.parse(readFileSync("tests/fkpm/eligibility_rules.json", "utf8"));
const examples = JSON.parse(readFileSync("tests/fkpm/eligibility.json", "utf8"));
const no = Object.fromEntries(QUESTIONS.map((question) => [question, "TIDAK"]));

describe("what may be settled", () => {
  for (const { name, category, answers, day, says, rule, target } of examples)
    test(name, () => {
      const said = Object.fromEntries(QUESTIONS.map((question, index) => [question, answers[index]]));
      const verdict = judge(rules, category, said, day);
      expect([verdict.says, verdict.rule?.code]).toEqual([says, rule]);
      if (says === "REFUSED") expect(verdict.rule.target).toBe(target);
    });

  test("what is refused can only be referred", () => {
    const form = (outcome) => ({ detail: { category: "NARKOTIKA", outcome, ...no }, rows: {} });
    expect(eligibilityFaults(form("DAMAI"), { rules }, "2026-11-20").map(([field]) => field)).toEqual(["detail-outcome"]);
    expect(eligibilityFaults(form("DILIMPAHKAN"), { rules }, "2026-11-20")).toEqual([]);
  });

  test("the category alone says at once what must be handed over", () => {
    expect(ruleOfCategory(rules, "KEKERASAN_SEKSUAL", "2026-11-20").target).toBe("PPA");
    expect(ruleOfCategory(rules, "REMAJA", "2026-11-20").effect).toBe("GUIDE");
    expect(ruleOfCategory(rules, "RUMAH_TANGGA", "2026-11-20")).toBe(null);
  });

  test("the young are named by initials", () => {
    const guided = { says: "GUIDED" };
    expect(isNamedTooMuch(guided, { role: "PIHAK_1", name: "Budi" })).toBe(true);
    expect(isNamedTooMuch(guided, { role: "PIHAK_1", name: "B.S." })).toBe(false);
    expect(isNamedTooMuch(guided, { role: "SAKSI", name: "Bu Guru Tini" })).toBe(false);
    expect(isNamedTooMuch({ says: "ALLOWED" }, { role: "SAKSI", name: "Budi", age: 12 })).toBe(true);
  });
});
