// The night as a row of points, each how it stood from its second on: for the slider and the chart.

const BARS = 60;
const SIZES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];
const WINDOW = 10; // seconds over which sales per second are counted
const MOST = 2000; // points after which it is better to ask for a thinner series

export class Series {
  constructor(history) {
    Object.assign(this, history);
    this.points = history.points.map((values) =>
      Object.fromEntries(history.columns.map((name, n) => [name, values[n]])));
  }

  /** The slider's last notch: the end of the night, as far as it is known. */
  get notches() {
    return Math.max(1, Math.ceil((this.until - this.since) / this.step));
  }

  get full() {
    return this.points.length > MOST;
  }

  timeOf(notch) {
    return Math.min(this.since + notch * this.step, this.until);
  }

  /** How it stood at the end of a second; undefined before anything was known. */
  at(second) {
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.points[middle].at <= second) low = middle + 1;
      else high = middle;
    }
    return this.points[low - 1];
  }

  /** A live figure becomes a point of the past. `second` is when it was heard. */
  add(second, state) {
    const last = this.points.at(-1);
    const at = Math.max(second, last.at);
    if (at === last.at) this.points.pop();
    this.points.push({ ...state, at });
    this.until = at;
  }

  /** Tickets sold per second before a moment, over at least ten seconds. */
  rate(second) {
    const span = Math.max(WINDOW, this.step);
    const before = this.at(second - span) ?? this.#base();
    return Math.max(0, ((this.at(second)?.tickets ?? 0) - (before?.tickets ?? 0)) / span);
  }

  /** Bars of equal time: `{size, sold: […]}`. They end at notches, where counts are exact. */
  bars() {
    const size = SIZES.find((each) => each % this.step === 0 && (this.until - this.since) / each <= BARS)
      ?? this.step * Math.ceil(this.notches / BARS);
    const many = Math.max(1, Math.ceil((this.until - this.since) / size));
    const sold = [];
    let before = this.#base()?.tickets ?? 0;
    for (let n = 1; n <= many; n += 1) {
      const tickets = this.at(this.since + n * size)?.tickets ?? before;
      sold.push(Math.max(0, tickets - before));
      before = tickets;
    }
    return { size, sold };
  }

  /** What was there before the first point: nothing, unless the night began earlier. */
  #base() {
    return this.since > this.began ? this.at(this.since) : undefined;
  }
}
