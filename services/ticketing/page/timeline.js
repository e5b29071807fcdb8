// The slider over the night: its right end is live, anything left of it is how it stood then.

import { draw } from "./chart.js";
import * as format from "./format.js";

const $ = (id) => document.getElementById(id);
const REPLAY = 15000; // ms for the whole night

/** Calls `moved(second | null)` when another moment is to be shown (null: live), `zoomed(seconds)`. */
export class Timeline {
  constructor({ moved, zoomed, touched }) {
    this.moved = moved;
    this.notch = null; // null: live
    this.slider = $("slider");
    this.slider.addEventListener("input", () => {
      this.#stop();
      touched();
      this.#go(this.slider.valueAsNumber);
    });
    $("live").addEventListener("click", () => this.live());
    $("play").addEventListener("click", () => (this.playing ? this.#stop() : this.#play(touched)));
    for (const button of $("zoom").children) {
      button.addEventListener("click", () => this.#zoom(button, zoomed));
    }
  }

  /** Another series, or one more point. What is being looked at stays in view. */
  show(series, zone) {
    const looking = this.notch === null ? null : this.series.timeOf(this.notch);
    this.series = series;
    this.zone = zone;
    this.slider.disabled = $("play").disabled = false;
    this.slider.max = series.notches;
    if (looking !== null) {
      this.notch = Math.min(series.notches - 1, Math.max(0, Math.round((looking - series.since) / series.step)));
    }
    this.slider.value = this.notch ?? series.notches;
    $("zoom").hidden = series.until - series.began <= 600;
    this.#draw();
  }

  live() {
    this.#stop();
    this.notch = null;
    this.slider.value = this.series.notches;
    this.#draw();
    this.moved(null);
  }

  #go(notch) {
    this.notch = notch >= this.series.notches ? null : notch;
    this.slider.value = notch;
    this.#draw();
    this.moved(this.notch === null ? null : this.series.timeOf(notch));
  }

  #zoom(button, zoomed) {
    this.live();
    for (const each of $("zoom").children) each.setAttribute("aria-pressed", each === button);
    zoomed(Number(button.dataset.last));
  }

  async #play(touched) {
    this.playing = true;
    $("play").textContent = "Pause";
    await touched();
    if (!this.playing) return;
    const from = this.notch ?? 0;
    this.#go(from);
    const began = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      const notch = from + Math.floor((Math.max(0, now - began) / REPLAY) * this.series.notches);
      if (notch >= this.series.notches) this.live();
      else {
        if (notch !== this.notch) this.#go(notch);
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);
  }

  #stop() {
    this.playing = false;
    $("play").textContent = "Replay the night";
  }

  #draw() {
    const { series, zone, notch } = this;
    const span = series.notches * series.step;
    const bars = series.bars();
    const now = notch === null ? span : notch * series.step;
    $("chart-title").textContent = `Tickets sold per ${format.per(bars.size)}`;
    $("chart-most").textContent = `at most ${format.count(draw($("chart"), bars, span, now))}`;
    $("since").textContent = format.moment(series.since, span, zone);
    $("until").textContent = format.moment(series.until, span, zone);
    $("live").hidden = notch === null;
    const at = notch === null ? null : format.moment(series.timeOf(notch), span, zone);
    $("moment").textContent = at ? `As it stood at ${at}` : "Slide back to see how it stood.";
    this.slider.setAttribute("aria-valuetext", at ?? "live");
  }
}
