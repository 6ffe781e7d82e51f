// The points of a patrol: one tap gives time and position; a QR code names the post.

import { get } from "./api.js";
import { fill, valueIn } from "./form_details.js";
import { Rows } from "./form_rows.js";
import { gettext, interpolate } from "./i18n.js";
import { watchPosition } from "./position.js";
import { watchRegister } from "./registers.js";
import { withOffset } from "./report.js";
import { MOST_POINTS } from "./rounds.js";
import { canScan, Scanner } from "./scanner.js";
import { clock } from "./times.js";
import { Track } from "./track.js";

// A fix that comes later belongs to where the officer walked on to.
const FIX_MS = 20_000;

export class Checkpoints extends Rows {
  constructor(section, onChange, { user, where }) {
    super(section, () => this.changed(onChange));
    this.user = user;
    this.where = where;
    this.posts = [];
    this.state = section.querySelector("[data-points-state]");
    this.undoButton = section.querySelector("[data-points-undo]");
    this.track = new Track(section, () => this.onChange());
    this.undoButton.addEventListener("click", () => this.undo());
    this.offerScan(section);
  }

  offerScan(section) {
    const button = section.querySelector("[data-scan]");
    const scanner = new Scanner(section.querySelector("dialog"), (id) => this.scanned(id));
    button.hidden = !canScan();
    section.querySelector("[data-scan-hint]").hidden = canScan();
    button.addEventListener("click", () => scanner.open());
  }

  start(rows) {
    super.start(rows);
    this.track.render();
    this.draw();
    watchRegister(this.user, "posts", (posts) => this.known(posts));
  }

  append(row) {
    const block = super.append(row);
    this.render(block);
    return block;
  }

  /** One tap: the time is now, the position comes when it comes. */
  add(post = null) {
    if (this.box.children.length >= MOST_POINTS) {
      this.state.textContent = interpolate(gettext("A patrol has %(most)s points at most."), { most: MOST_POINTS });
      return;
    }
    const block = this.append({ at: withOffset(new Date()), location: null, post });
    this.newest = block;
    this.locate(block);
    this.onChange();
    this.state.textContent = interpolate(gettext("Point %(number)s marked at %(time)s"), {
      number: this.box.children.length,
      time: clock(new Date()),
    });
  }

  locate(block) {
    this.stopLocating?.();
    const stop = watchPosition(
      (fix) => this.placed(block, fix),
      () => done(),
      FIX_MS,
    );
    const done = () => {
      stop?.();
      clearTimeout(timer);
      delete block.dataset.locating;
      this.render(block);
    };
    block.dataset.locating = "";
    const timer = setTimeout(done, FIX_MS);
    this.stopLocating = done;
    this.render(block);
  }

  placed(block, fix) {
    fill(this.inputs(block, "location"), fix);
    this.render(block);
    this.onChange();
  }

  undo() {
    if (this.newest?.isConnected) this.remove(this.newest);
  }

  remove(block) {
    super.remove(block);
    this.state.textContent = gettext("The point is taken back.");
  }

  async scanned(id) {
    const post = this.posts.find((one) => one.id === id);
    this.add(post ? { id, name: post.name } : this.posts.length ? null : { id });
    if (!post && this.posts.length) await this.askFor(id, this.newest);
  }

  /** The point is marked at once; whether the post is one of the own Polsek, the server knows. */
  async askFor(id, block) {
    const { status, data } = await get(`posts/${id}/`).catch(() => ({ status: 0 }));
    if (status === 200) {
      fill(this.inputs(block, "post"), { id, name: data.name });
      this.render(block);
      this.onChange();
      return;
    }
    this.state.textContent = gettext("This post is in none of your villages: the point is marked without it. Give it a name.");
  }

  /** The phone's camera app opened the address of a post: a point there, now. */
  arrive(id, name = "") {
    const post = this.posts.find((one) => one.id === id);
    this.add({ id, ...((post || name) && { name: post?.name ?? name }) });
  }

  known(posts) {
    this.posts = posts;
    for (const block of this.box.children) {
      const post = this.value(block, "post");
      const found = post && !post.name && posts.find((one) => one.id === post.id);
      if (found) fill(this.inputs(block, "post"), { id: found.id, name: found.name });
      this.render(block);
    }
  }

  inputs(block, name) {
    return [...block.querySelectorAll(`[data-name="${name}"]`)];
  }

  value(block, name) {
    return valueIn(this.inputs(block, name));
  }

  changed(onChange) {
    for (const block of this.box.children) this.render(block);
    this.undoButton.hidden = !this.newest?.isConnected;
    this.draw();
    onChange();
  }

  draw() {
    const places = [...this.box.children].map((block) => this.value(block, "location"));
    this.where.map.drawRound(places, this.track.points);
  }

  /** The line that stands for a point while it is folded. */
  render(block) {
    const number = [...this.box.children].indexOf(block) + 1;
    const post = this.value(block, "post");
    const title =
      this.value(block, "name").trim() || (post && (post.name ?? gettext("Post"))) || interpolate(gettext("Point %(number)s"), { number });
    block.querySelector("[data-point-number]").textContent = number;
    block.querySelector(".row-title").textContent = title;
    block.querySelector(".row-meta").textContent = [clock(this.value(block, "at")), this.placeOf(block), this.value(block, "finding").trim()]
      .filter(Boolean)
      .join(" · ");
  }

  placeOf(block) {
    const location = this.value(block, "location");
    if (location?.accuracy) return interpolate(gettext("within %(metres)s m"), { metres: Math.round(location.accuracy) });
    if (location) return "";
    return "locating" in block.dataset ? gettext("looking for the position …") : gettext("without position");
  }
}
