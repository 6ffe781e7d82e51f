// Says at once, also without network, what the rules make of the category and the three answers.

import { judge } from "./eligibility.js";
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
    this.shown = "";
  }

  /** `detail` as the form reads it, `occurredAt` as its control holds it. */
  show(detail, occurredAt) {
    const { says, rule } = judge(this.rules, detail.category, detail, (occurredAt || localInput(Date.now())).slice(0, 10));
    const state = `${says} ${rule?.code ?? ""}`;
    if (state === this.shown) return;
    this.shown = state;
    this.box.replaceChildren(...(rule ? [this.notice(says, rule)] : []));
    if (says === "REFUSED") this.referTo(rule);
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
