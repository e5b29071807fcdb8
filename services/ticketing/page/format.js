// Figures as people read them. Money comes in minor units, times in seconds since 1970.

const LOCALE = navigator.language || "en";
const whole = new Intl.NumberFormat(LOCALE);
const cache = new Map();

function made(key, make) {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key);
}

export function count(number) {
  return whole.format(number);
}

/** "61%", and "100%" only when it is all. */
export function share(part) {
  const floor = Math.floor(part * 100) / 100;
  return floor.toLocaleString(LOCALE, { style: "percent" });
}

/** `{EUR: 1200}` as "€12.00"; several currencies side by side; none as a dash. */
export function money(amounts) {
  const found = Object.entries(amounts).map(([currency, minor]) => {
    const format = made(`money ${currency}`, () => new Intl.NumberFormat(LOCALE, { style: "currency", currency }));
    return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  });
  return found.length ? found.join(" + ") : "–";
}

/** Sales per second: a decimal for many, two for few. */
export function rate(perSecond) {
  const digits = perSecond > 0 && perSecond < 1 ? 2 : 1;
  return perSecond.toLocaleString(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** "20:31:05", at the venue. */
export function clock(seconds, zone) {
  return made(`clock ${zone}`, () => times(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }))
    .format(seconds * 1000);
}

/** As short as tells the ends of a span apart: "20:31:05", or with its day if there are several. */
export function moment(seconds, span, zone) {
  if (span < 86400) return clock(seconds, zone);
  const parts = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return made(`moment ${zone}`, () => times(zone, parts)).format(seconds * 1000);
}

/** The wall time at which a night starts: "Friday, 1 January 2027, 20:30". It has no zone to convert. */
export function starts(wall) {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
  return made("starts", () => times("UTC", parts)).format(new Date(`${wall}Z`));
}

/** "0.2 s", "42 s", "5 min": how long ago. */
export function ago(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** "second", "10 seconds", "minute": what a bar of the chart stands for. */
export function per(seconds) {
  const [size, name] = seconds < 60 ? [1, "second"] : seconds < 3600 ? [60, "minute"]
    : seconds < 86400 ? [3600, "hour"] : [86400, "day"];
  const many = seconds / size;
  return many === 1 ? name : `${many} ${name}s`;
}

function times(zone, parts) {
  const options = { hourCycle: "h23", timeZone: zone, ...parts };
  try {
    return new Intl.DateTimeFormat(LOCALE, options);
  } catch {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: undefined }); // a zone too new for this browser
  }
}
