// The tickets and slips that came out of the printers last, as pictures. Devices draws them when they are asked for;
// they are kept for as long as they are shown, and nowhere else.

import { may } from "./access.js";
import { ask, asked, printedOf, pictureOf } from "./ask.js";
import { element } from "./figures.js";
import * as format from "./format.js";
import { Stream } from "./stream.js";

const $ = (id) => document.getElementById(id);
const CALM = 1000; // ms: nobody can look at more than one set of pictures a second
const AGAIN = 1500; // ms until a picture that could not be had is asked for again
const AT_ONCE = 2;

/** Of one night. Nothing is shown to who may not see it, nor where no printer ever printed. */
export class Printed {
  constructor(occurrence, token) {
    Object.assign(this, { occurrence, token, zone: null, moment: null, shown: [], pictures: new Map(), asking: 0 });
    $("printed").hidden = true;
    $("prints").replaceChildren();
    if (!may(token, "devices:read")) return;
    this.stream = new Stream(printedOf(occurrence, "/live"), token, {
      event: (name, data) => name === "state" && this.#hear(data.printed),
      link() {},
      refused() {}, // the page is as good without
    });
  }

  close() {
    this.closed = true;
    this.stream?.close();
    clearTimeout(this.waiting);
    clearTimeout(this.trying);
    this.pictures.forEach((url) => URL.revokeObjectURL(url));
    this.pictures.clear();
  }

  /** The night is known: its times are those of the venue. */
  begin(zone) {
    this.zone = zone;
    this.live();
  }

  /** The present again, and from now on. */
  live() {
    this.moment = null;
    if (this.latest && this.zone) this.#show(this.latest);
  }

  /** While the slider moves: nothing that was printed later. What was before is asked for when it rests. */
  moving(second) {
    this.moment = second;
    const items = [...$("prints").children];
    for (const item of items) item.hidden = item.dataset.at >= second + 1;
    $("no-prints").hidden = items.some((item) => !item.hidden);
    $("no-prints").textContent = "…";
  }

  /** Those that were printed by then: exactly, or plainly none. */
  async past(second) {
    this.moment = second;
    if (!this.latest) return;
    const until = new URLSearchParams({ until: new Date(second * 1000 + 999).toISOString() });
    const found = await asked(printedOf(this.occurrence, `?${until}`), this.token).catch(() => null);
    if (this.moment === second && !this.closed) this.#show(found?.printed ?? [], found ? "" : "Cannot be told right now.");
  }

  #hear(printed) {
    this.latest = printed;
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      if (this.moment === null) this.live();
    }, Math.max(0, (this.calm ?? 0) - performance.now()));
  }

  #show(printed, why = "") {
    this.calm = performance.now() + CALM;
    this.shown = printed;
    if (printed.length) $("printed").hidden = false;
    const there = new Map([...$("prints").children].map((item) => [item.dataset.print, item]));
    $("prints").replaceChildren(...printed.map((job) => there.get(name(job)) ?? print(job, this.zone)));
    $("no-prints").hidden = printed.length > 0;
    $("no-prints").textContent = why || (this.moment === null ? "No ticket was printed yet." : "No ticket was printed by then.");
    for (const item of $("prints").children) item.hidden = false;
    const wanted = new Set(printed.map(name));
    for (const [each, url] of this.pictures) {
      if (!wanted.has(each)) {
        URL.revokeObjectURL(url);
        this.pictures.delete(each);
      }
    }
    this.#draw();
  }

  /** Ask for the pictures that are not there yet, the newest first, few at a time. */
  #draw() {
    for (const job of this.shown) {
      const item = [...$("prints").children].find((each) => each.dataset.print === name(job));
      if (this.asking >= AT_ONCE || this.closed) return;
      if (job.state === "printed" && item && !item.dataset.picture) this.#fetch(job, item);
    }
  }

  async #fetch(job, item) {
    this.asking += 1;
    item.dataset.picture = "asked";
    try {
      const url = URL.createObjectURL(await (await ask(pictureOf(job.job), this.token, { cache: "default" })).blob());
      if (!item.isConnected || this.closed) URL.revokeObjectURL(url);
      else {
        this.pictures.set(name(job), url);
        item.querySelector("img").src = url;
        item.dataset.picture = "there";
      }
    } catch (problem) {
      item.dataset.picture = problem.final ? "never" : "";
      if (!problem.final) this.trying = setTimeout(() => this.#draw(), AGAIN);
    } finally {
      this.asking -= 1;
    }
    if (item.dataset.picture !== "") this.#draw();
  }
}

/** A job in its present form: sent again, or confirmed since, it is another one. */
function name(job) {
  return `${job.job} ${job.state} ${job.copy}`;
}

/** One ticket or slip: its picture when it is known to be on paper, or words that it may not be. */
function print(job, zone) {
  const item = element("li", "print");
  Object.assign(item.dataset, { print: name(job), job: job.job, ticket: job.ticket ?? "", state: job.state });
  item.dataset.at = Date.parse(job.at) / 1000;
  const paper = element(job.state === "printed" ? "button" : "p", "paper");
  if (job.state === "printed") {
    const picture = document.createElement("img");
    picture.alt = job.kind === "slip" ? `Printed slip: ${job.text}` : `Printed ticket: ${ticket(job)}`;
    paper.type = "button";
    paper.title = "Enlarge";
    paper.append(picture);
    paper.addEventListener("click", () => enlarge(picture));
  } else {
    const why = element("span", "", ": the printer did not confirm. Look at the paper.");
    why.prepend(element("bdi", "", job.kind === "slip" ? "Slip" : job.type_name)); // a name may be read from right to left
    paper.append(element("strong", "", "In doubt"), why);
  }
  const told = element("p", "told", format.clock(Date.parse(job.at) / 1000, zone));
  if (job.copy > 1) told.append(` · copy ${job.copy}`);
  if (job.state === "printed" && job.by_hand) told.append(" · confirmed by hand");
  item.append(paper, told);
  return item;
}

function ticket(job) {
  const order = job.of > 1 ? `, ${job.number} of ${job.of}` : "";
  return `${job.type_name}, ${format.money({ [job.currency]: job.price_minor })}${order}`;
}

function enlarge(picture) {
  if (!picture.src) return;
  const large = $("large");
  large.querySelector("img").src = picture.src;
  large.querySelector("img").alt = picture.alt;
  large.showModal();
}

$("large").addEventListener("click", () => $("large").close());
