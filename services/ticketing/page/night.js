// One night on the page: listens to how it stands, and shows that or how it stood.

import { asked, of } from "./ask.js";
import { showFigures, showRate, showTickets, summary } from "./figures.js";
import * as format from "./format.js";
import { Printed } from "./printed.js";
import { Series } from "./series.js";
import { Stream } from "./stream.js";
import { Timeline } from "./timeline.js";

const $ = (id) => document.getElementById(id);
const STALE = 3; // seconds; the server says how fresh it is every second
const SAY = 20000; // ms between figures that are read out
const WORDS = { connecting: "Connecting", open: "Live", stale: "No news", lost: "Connection lost, trying again" };

export class Night {
  constructor(occurrence, token, refused) {
    Object.assign(this, { occurrence, token, refused });
    this.link = "connecting";
    this.moment = null; // seconds; null: live
    this.last = 0; // seconds of the night that are asked for; 0: all
    this.said = 0;
    this.timeline = timeline;
    this.printed = new Printed(occurrence, token);
    hooks.moved = (second) => this.#move(second);
    hooks.zoomed = (last) => { this.last = last; this.#load(); };
    hooks.touched = () => (this.exact ? null : this.#load());
    this.stream = new Stream(of(occurrence, "live"), token, {
      event: (name, data) => this.#hear(name, data),
      link: (link) => this.#linked(link),
      refused,
    });
    this.beating = setInterval(() => this.#beat(), 200);
  }

  close() {
    this.closed = true;
    this.stream.close();
    this.printed.close();
    clearInterval(this.beating);
    clearTimeout(this.later);
  }

  #hear(name, data) {
    this.fresh = { at: Date.parse(data.at) / 1000, age: data.age, position: data.position, heard: performance.now() };
    if (name === "state") {
      const first = !this.state;
      this.state = data;
      if (first) this.#begin();
      if (this.series) {
        this.series.add(Math.floor(this.#now()), data);
        this.exact = false;
        if (this.series.full) this.#load();
        this.drawn = false;
      }
      if (this.moment === null) this.#show(data);
    }
    this.#beat();
  }

  #begin() {
    const { name, starts_at: starts } = this.state;
    this.printed.begin(this.state.zone);
    $("name").textContent = name;
    $("starts").textContent = format.starts(starts);
    document.title = `${name} – Roadcase`;
    this.#load();
    this.#invite();
  }

  /** Where guests order by themselves, if they can here. Nothing else needs it. */
  async #invite() {
    try {
      const { shop } = await asked(of(this.occurrence, "links"), this.token);
      if (this.closed) return;
      $("shop").hidden = !shop;
      if (shop) $("shop").href = shop;
    } catch { /* the page is as good without */ }
  }

  /** The night so far, exactly. Failing, what is there serves until it can be had. */
  async #load() {
    this.exact = true;
    try {
      const history = await asked(of(this.occurrence, `history?last=${this.last}`), this.token);
      if (this.closed) return;
      this.series = new Series(history);
      this.timeline.show(this.series, this.state.zone);
      if (this.moment !== null) this.#move(this.moment);
    } catch (problem) {
      this.exact = false;
      if (problem.final) this.refused(problem);
      else if (!this.closed) this.later = setTimeout(() => this.#load(), 1500);
    }
  }

  #linked(link) {
    if (this.link === "lost" && link === "open") {
      this.#say("Connected again.");
      if (this.state) this.#load();
    }
    if (this.link !== "lost" && link === "lost") this.#say("Connection lost, trying again.");
    this.link = link;
    this.#beat();
  }

  #now() {
    const { at, age, heard } = this.fresh;
    return at + age + (performance.now() - heard) / 1000;
  }

  /** Five times a second: how old what is shown is, and how fast tickets sell right now. */
  #beat() {
    const page = $("night");
    const age = this.fresh ? this.#now() - this.fresh.at : 0;
    const link = this.link === "open" && age > STALE ? "stale" : this.link;
    page.dataset.link = this.fresh || link === "lost" ? link : "connecting";
    page.dataset.time = this.moment === null ? "live" : "past";
    const past = this.moment !== null && link !== "lost";
    $("status").textContent = past ? "As it was" : WORDS[page.dataset.link];
    if (!this.fresh) return;
    const shown = this.moment ?? this.fresh.at;
    const ago = this.moment === null ? `, ${format.ago(age)} ago` : "";
    $("as-of").textContent = `as of ${format.clock(shown, this.state.zone)}${ago}`;
    const position = this.moment === null ? this.fresh.position : this.shown?.position;
    $("position").textContent = `Position ${format.count(position ?? 0)}`;
    if (!this.series) return;
    if (this.moment === null) showRate(link === "open" ? this.series.rate(Math.floor(this.#now())) : null);
    if (!this.drawn && performance.now() - (this.drawnAt ?? 0) > 500) {
      this.drawn = true;
      this.drawnAt = performance.now();
      this.timeline.show(this.series, this.state.zone);
    }
  }

  #show(state) {
    this.shown = state;
    showFigures(state);
    if (this.moment === null) showTickets(state.last, this.state.zone);
    if (this.moment === null && Date.now() - this.said > SAY) {
      this.said = Date.now();
      this.#say(summary(state));
    }
  }

  #move(second) {
    this.moment = second;
    clearTimeout(this.later);
    if (second === null) {
      this.#show(this.state);
      this.printed.live();
    } else {
      this.printed.moving(second);
      const point = this.series.at(second);
      this.#show(point);
      showRate(this.series.rate(second));
      this.later = setTimeout(() => this.#settle(second, point), 150);
    }
    this.#beat();
  }

  /** The slider rests: what was sold last by then is asked for, and the figures are read out. */
  async #settle(second, point) {
    if (!this.timeline.playing) this.#say(summary(point));
    this.printed.past(second);
    const until = new Date(second * 1000 + 999).toISOString();
    const path = of(this.occurrence, `last-sold?${new URLSearchParams({ until })}`);
    const found = await asked(path, this.token).catch(() => null);
    if (found && this.moment === second && !this.closed) showTickets(found, this.state.zone, { past: true });
  }

  #say(text) {
    $("said").textContent = text;
  }
}

// The slider and its buttons are there once; they serve whichever night is shown.
const hooks = { moved() {}, zoomed() {}, touched() {} };
const timeline = new Timeline({
  moved: (second) => hooks.moved(second),
  zoomed: (last) => hooks.zoomed(last),
  touched: () => hooks.touched(),
});
