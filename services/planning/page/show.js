// The run of show: what is now, what is next, and how late it is. The token is behind the `#`.

import { follow, send } from "./line.js";

const link = new URLSearchParams(location.hash.slice(1));
const token = link.get("token") ?? "";
const occurrence = decodeURIComponent(location.pathname.split("/").pop());
const where = `/planning/shows/${encodeURIComponent(occurrence)}`;
const at = (id) => document.getElementById(id);
let show = null;
let listed = ""; // what the list shows, so that it is written anew only when that is otherwise
let ahead = 0; // ms that the server's clock is ahead of ours

const now = () => Date.now() + ahead;
const minutes = (ms) => Math.round(ms / 60000);

function clock(moment) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: show.zone };
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(moment));
}

function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const two = (number) => String(number).padStart(2, "0");
  return `${hours ? `${hours}:` : ""}${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

function long(seconds) {
  const whole = Math.round(seconds / 60);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

function about(cue) {
  const said = [...(cue.minutes ? [`${cue.minutes} min`] : []), ...(cue.who ?? []), ...(cue.acts ?? []).map((act) => `${act.to}: ${act.do}`)];
  return (cue.start === "hard" ? ["keeps its time", ...said] : said).join(" · ");
}

function fill(id, cue, words, over) {
  const card = at(id);
  card.hidden = !cue;
  if (!cue) return;
  card.querySelector(".cue").textContent = cue.title;
  card.querySelector(".left").textContent = words;
  card.querySelector(".left").classList.toggle("over", over);
  card.querySelector(".about").textContent = about(cue);
}

/** All cues as they are by now: what runs over its time moves what follows it. As `at_clock` has it. */
function moved(cues, by) {
  const begun = cues.some((cue) => cue.state === "running" || cue.state === "finished");
  let free = null;
  return cues.map((cue) => {
    let [starts, ends] = [Date.parse(cue.starts_at), Date.parse(cue.ends_at)];
    if (cue.state === "skipped") starts = ends = free ?? starts;
    if (cue.state === "running") ends = Math.max(ends, by);
    if (cue.state === "waiting") {
      if (begun && cue.start === "soft") starts = Math.max(starts, free ?? starts, by);
      ends = starts + cue.minutes * 60000;
    }
    const between = free === null || cue.state === "skipped" ? 0 : Math.round((starts - free) / 1000);
    if (cue.state !== "skipped") free = cue.state === "waiting" ? Math.max(free ?? ends, ends) : ends;
    return { ...cue, starts_at: starts, ends_at: ends, gap_seconds: Math.max(0, between), overlap_seconds: Math.max(0, -between) };
  });
}

function tellLate(cues, running, next) {
  const told = at("late");
  const moment = next ? Math.max(next.starts_at, now()) - Date.parse(next.planned_at) : show.late_seconds * 1000;
  const late = minutes(moment);
  const last = cues.reduce((end, cue) => Math.max(end, cue.ends_at), 0);
  const beyond = show.curfew ? minutes((running || next ? Math.max(last, now()) : last) - Date.parse(show.curfew)) : 0;
  const words = [late > 0 ? `Late by ${late} min` : late < 0 ? `Early by ${-late} min` : "On time"];
  if (late > 0 && show.delay) words.push(show.delay);
  if (beyond > 0) words.push(`${beyond} min over curfew`);
  told.textContent = words.join(" · ");
  told.classList.toggle("bad", late > 0 || beyond > 0);
  told.hidden = false;
}

function tick() {
  at("clock").textContent = show ? clock(now()) : "";
  if (!show) return;
  const cues = moved(show.cues, now());
  const running = cues.find((cue) => cue.state === "running");
  const next = cues.find((cue) => cue.state === "waiting");
  const left = running ? running.starts_at + running.minutes * 60000 - now() : 0;
  fill("now", running, left >= 0 ? `${span(left)} left` : `over by ${span(left)}`, left < 0);
  const free = cues.reduce((end, cue) => (cue.state === "finished" ? cue.ends_at : end), 0);
  const waited = next && !running && free && next.start === "soft" && next.starts_at <= now();
  const wait = next ? (waited ? free : next.starts_at) - now() : 0;
  fill("next", next, next && `${clock(next.starts_at)}, ${wait >= 0 ? `in ${span(wait)}` : `${span(wait)} ago`}`, wait < 0);
  tellLate(cues, running, next);
  const rows = cues.map(row);
  const lines = rows.map((each) => each.outerHTML).join("");
  if (lines !== listed) at("cues").replaceChildren(...rows);
  listed = lines;
}

function row(cue) {
  const line = document.createElement("li");
  line.className = cue.state;
  const add = (name, words, inside = line) => {
    const part = document.createElement(name);
    part.textContent = words;
    inside.append(part);
    return part;
  };
  const time = add("span", cue.state === "skipped" ? "–" : clock(cue.starts_at));
  if (cue.state !== "skipped" && clock(cue.planned_at) !== clock(cue.starts_at)) add("s", clock(cue.planned_at), time);
  const name = add("bdi", cue.title);
  name.className = "name";
  add("span", cue.state === "waiting" ? (cue.minutes ? `${cue.minutes} min` : "") : cue.state);
  if (cue.overlap_seconds) {
    const note = add("span", `starts ${Math.ceil(cue.overlap_seconds / 60)} min before all before it is over`);
    note.className = "note over";
  }
  if (cue.gap_seconds >= 60) add("span", `${long(cue.gap_seconds)} of nothing before it`).className = "note quiet";
  return line;
}

function tell(name, data) {
  ahead = Date.parse(data.at) + data.age * 1000 - Date.now();
  if (name === "state") {
    show = data;
    at("title").textContent = show.title;
    document.title = `${show.title} – run of show`;
  }
  tick();
}

function problem(words) {
  at("problem").textContent = words;
  at("problem").hidden = !words;
}

async function ask(path) {
  const buttons = document.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  problem(await send(`${where}/${path}`, token));
  buttons.forEach((button) => { button.disabled = false; });
}

const cue = (state) => encodeURIComponent(show.cues.find((each) => each.state === state).key);
at("start").addEventListener("click", () => ask(`cues/${cue("waiting")}/start`));
at("skip").addEventListener("click", () => ask(`cues/${cue("waiting")}/skip`));
at("finish").addEventListener("click", () => ask(`cues/${cue("running")}/finish`));
setInterval(tick, 500);
follow(`${where}/live`, token, { tell, problem, line: (words) => { at("link").textContent = words; } });
