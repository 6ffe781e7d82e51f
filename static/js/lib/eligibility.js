// Whether a matter between people may be settled with the officer's help: the server's own rules, read as fkpm/eligibility.py reads them.

import { gettext, interpolate } from "./i18n.js";

export const QUESTIONS = ["grave", "child_crime", "unrest"];
const INITIALS = /^\s*([A-Z]{1,3}\.?|[A-Z]([. ]{1,2}[A-Z]){1,4}\.?)\s*$/;
const ADULT = 18;
const BY_INITIALS = ["PIHAK_1", "PIHAK_2", "KELUARGA"];

/** The verdict of the first rule that is in force on the day and fits: { says, rule }. */
export function judge(rules, category, answers, day) {
  const rule = rules.find((one) => fits(one, category, answers, day));
  if (rule) return { says: rule.effect === "GUIDE" ? "GUIDED" : "REFUSED", rule };
  const isAnswered = QUESTIONS.every((question) => ["YA", "TIDAK"].includes(answers[question]));
  return { says: isAnswered ? "ALLOWED" : "UNANSWERED", rule: null };
}

/** The rule by which the category alone decides, whatever is answered later; nothing where it leaves it open. */
export function ruleOfCategory(rules, category, day) {
  return judge(rules, category, {}, day).rule;
}

function fits(rule, category, answers, day) {
  const inForce = rule.from <= day && (!rule.to || day <= rule.to);
  const ofCategory = !rule.categories.length || rule.categories.includes(category);
  return inForce && ofCategory && (!rule.question || answers[rule.question] === "YA");
}

/** Whom a case names by initials alone: children, and in light trouble of the young the parties and their families. */
export function isNamedTooMuch(verdict, { role, name = "", age = null }) {
  const needsInitials = (age !== null && age !== "" && Number(age) < ADULT) || (verdict.says === "GUIDED" && BY_INITIALS.includes(role));
  return needsInitials && name.trim() !== "" && !INITIALS.test(name);
}

/** What is wrong with a filled form by these rules, as [field, text]. */
export function eligibilityFaults(form, { rules }, day) {
  if (!rules) return [];
  const { category, outcome } = form.detail ?? {};
  const verdict = judge(rules, category, form.detail ?? {}, day);
  const faults = outcomeFaults(verdict, outcome);
  const named = (form.rows.parties ?? []).findIndex((party) => isNamedTooMuch(verdict, party));
  if (named >= 0) faults.push([`parties-${named}`, gettext("Of the young initials alone, such as B.S.")]);
  return faults;
}

function outcomeFaults({ says, rule }, outcome) {
  if (!outcome) return [];
  if (says === "REFUSED" && outcome !== "DILIMPAHKAN")
    return [["detail-outcome", interpolate(gettext("%(rule)s Choose “referred”. (%(source)s)"), { rule: rule.text, source: rule.source })]];
  if (says === "GUIDED" && ["DAMAI", "INGKAR"].includes(outcome)) return [["detail-outcome", rule.text]];
  if (says !== "GUIDED" && outcome === "PEMBINAAN")
    return [["detail-outcome", gettext("Guidance with parents or school is for light trouble of the young.")]];
  return [];
}
