// The form's part "giat tematik": a chip for each that runs, and its numbers once it is chosen.

import { watchCampaigns } from "./campaign_cache.js";
import { filledIn, MOST_SHOWN, offered, typedOf } from "./campaigns.js";
import { makeClearable } from "./clearable.js";
import { gettext, interpolate } from "./i18n.js";

const element = (id) => document.getElementById(id);

export class Campaigns {
  constructor(user, onChange) {
    this.user = user;
    this.onChange = onChange;
    this.known = [];
    this.own = null;
    this.chosen = "";
    this.typed = {};
    this.isOpen = false;
    element("campaign-more").addEventListener("click", () => this.open());
  }

  /** `own` is what the report or draft holds; `moment()` tells when the activity was. */
  start(own, moment) {
    this.own = own;
    this.chosen = own?.id ?? "";
    this.typed = typedOf(own);
    this.moment = moment;
    this.show();
    watchCampaigns(this.user, (campaigns) => {
      this.known = campaigns;
      this.show();
    });
  }

  open() {
    this.isOpen = true;
    this.show();
  }

  get campaign() {
    return this.all.find(({ id }) => id === this.chosen) ?? null;
  }

  /** The campaign with its numbers, as a draft keeps it; null without one. */
  read() {
    return this.campaign && filledIn(this.campaign, this.typed);
  }

  show() {
    this.all = offered(this.known, this.moment(), this.own);
    if (!this.campaign) this.chosen = "";
    const shown = this.isOpen ? this.all : this.all.slice(0, MOST_SHOWN);
    element("campaign").hidden = !this.all.length;
    element("campaign-more").hidden = shown.length === this.all.length;
    element("campaign-more").textContent = interpolate(gettext("%(count)s more"), { count: this.all.length - shown.length });
    element("campaign-chips").replaceChildren(...shown.map((campaign) => this.chipOf(campaign)), element("campaign-more"));
    makeClearable(element("campaign-chips").querySelectorAll("input"));
    this.showNumbers();
  }

  chipOf({ id, tag, name }) {
    const chip = document.createElement("label");
    chip.className = "chip";
    chip.title = name;
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "campaign", value: id, checked: id === this.chosen });
    input.addEventListener("change", () => this.choose(id, input.checked));
    const text = document.createElement("span");
    text.textContent = tag;
    chip.append(input, text);
    return chip;
  }

  choose(id, isChosen) {
    this.chosen = isChosen ? id : "";
    this.showNumbers();
    this.onChange();
  }

  showNumbers() {
    const campaign = this.campaign;
    element("campaign-name").hidden = !campaign || campaign.name === campaign.tag;
    element("campaign-name").textContent = campaign?.name ?? "";
    element("campaign-numbers").replaceChildren(...(campaign?.fields ?? []).map((field) => this.numberOf(field)));
  }

  numberOf({ id, label, measure }) {
    const part = element("campaign-number").content.firstElementChild.cloneNode(true);
    part.dataset.fault = `campaign-${id}`;
    const [words, input] = [part.querySelector("label"), part.querySelector("input")];
    input.id = `campaign-${id}`;
    words.htmlFor = input.id;
    words.querySelector("[data-label]").textContent = measure ? `${label} (${measure})` : label;
    input.value = this.typed[id] ?? "";
    input.addEventListener("input", () => {
      this.typed[id] = input.value;
    });
    return part;
  }
}
