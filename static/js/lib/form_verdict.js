// Says at once, also without network, what the rules make of the category and the three answers.

import { judge, ruleOfCategory } from "./eligibility.js";
import { gettext, interpolate } from "./i18n.js";
import { localInput } from "./times.js";

/** The rules that came with the page; nothing where the kind has none. */
export function rulesOnPage() {
  const data = document.getElementById("case-rules");
  return data ? JSON.parse(data.textContent) : null;
}

export class Verdict {
  constructor(root, rules) {
    this.root = root;
    this.rules = rules;
    this.box = root.querySelector("#verdict");
    this.atCategory = root.querySelector("#category-verdict");
    this.shown = "";
  }

  /** `detail` as the form reads it, `occurredAt` as its control holds it. */
  show(detail, occurredAt) {
    const day = (occurredAt || localInput(Date.now())).slice(0, 10);
    this.showOfCategory(ruleOfCategory(this.rules, detail.category, day));
    const { says, rule } = judge(this.rules, detail.category, detail, day);
    const state = `${says} ${rule?.code ?? ""}`;
    if (state === this.shown) return;
    this.shown = state;
    this.nameSides(says === "REFUSED" && rule.question !== "unrest");
    this.box.replaceChildren(...(rule ? [this.notice(says, rule)] : []));
    if (says === "REFUSED") this.referTo(rule);
  }

  /** Beside the choice itself, so that nobody tells a story to two parties that there are not. */
  showOfCategory(rule) {
    const code = rule?.code ?? "";
    if (code === this.shownOfCategory) return;
    this.shownOfCategory = code;
    if (!rule) return this.atCategory.replaceChildren();
    const notice = document.createElement("div");
    notice.className = `alert ${rule.target ? "alert-error" : "alert-warning"} mb-0`;
    const words = rule.target ? interpolate(gettext("Must be handed over to %(unit)s."), { unit: rule.target }) : "";
    notice.append(paragraph(`${words} ${rule.text} (${rule.source})`.trim()));
    this.atCategory.replaceChildren(notice);
  }

  /** In a crime there is no first and second party: who is wronged, and who is suspected. */
  nameSides(isCrime) {
    const part = this.root.querySelector('[data-rows="parties"]');
    const words = { PIHAK_1: gettext("Victim or who reported it"), PIHAK_2: gettext("Suspect") };
    for (const place of [part.querySelector("template").content, part])
      for (const [side, word] of Object.entries(words))
        for (const input of place.querySelectorAll(`[data-name="role"][value="${side}"]`)) {
          const label = input.nextElementSibling;
          label.dataset.usual ??= label.textContent;
          label.textContent = isCrime ? word : label.dataset.usual;
        }
  }

  notice(says, rule) {
    const notice = document.createElement("div");
    notice.className = `alert ${says === "REFUSED" ? "alert-error" : "alert-warning"} mb-0`;
    const words = document.createElement("div");
    if (says === "REFUSED") words.append(paragraph(gettext("May not be settled here"), "strong"));
    words.append(paragraph(`${rule.text} (${rule.source})`));
    if (says === "REFUSED") words.append(paragraph(interpolate(gettext("Refer it to: %(unit)s."), { unit: rule.target })));
    notice.append(words);
    return notice;
  }

  /** What must be handed over is: the officer can still name another unit. */
  referTo(rule) {
    const referred = this.root.querySelector('[name="detail-outcome"][value="DILIMPAHKAN"]');
    const unit = this.root.querySelector('[name="detail-referred_to"]');
    if (referred) referred.checked = true;
    if (unit && (!unit.value.trim() || unit.dataset.byRule)) {
      unit.value = rule.target;
      unit.dataset.byRule = "yes";
    }
  }
}

function paragraph(text, className = "") {
  const line = document.createElement("p");
  line.className = `${className} mb-0`.trim();
  line.textContent = text;
  return line;
}
