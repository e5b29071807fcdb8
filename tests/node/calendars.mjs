// Calendar files from standard input, as JSON by name, as ical.js and node-ical read them: entries
// by UID, in UTC.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const loaded = require("ical.js");
const ICAL = loaded.default ?? loaded;
const nodeIcal = require("node-ical");

function asIcalJs(text) {
  const whole = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of whole.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const entries = {};
  for (const each of whole.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(each);
    const moment = (time) => {
      if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${event.uid}: no zone`);
      return time.toJSDate().toISOString();
    };
    const value = (name) => each.getFirstPropertyValue(name);
    entries[event.uid] = {
      starts: moment(event.startDate),
      ends: moment(event.endDate),
      name: event.summary,
      text: event.description ?? "",
      place: event.location ?? "",
      link: value("url") ?? "",
      status: value("status"),
      sequence: event.sequence,
      position: value("geo"),
    };
  }
  return entries;
}

function asNodeIcal(text) {
  const entries = {};
  for (const each of Object.values(nodeIcal.sync.parseICS(text))) {
    if (each.type !== "VEVENT") continue;
    const { uid, start, end, summary, description, location, url, status, sequence, geo } = each;
    entries[uid] = {
      starts: start.toISOString(),
      ends: end.toISOString(),
      name: summary,
      text: description ?? "",
      place: location ?? "",
      link: url?.val ?? url ?? "",
      status: status ?? null,
      sequence: Number(sequence ?? 0),
      position: geo ? [geo.lat, geo.lon] : null,
    };
  }
  return entries;
}

const answers = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf-8")))) {
  answers[name] = { "ical.js": asIcalJs(text), "node-ical": asNodeIcal(text) };
}
process.stdout.write(JSON.stringify(answers));
