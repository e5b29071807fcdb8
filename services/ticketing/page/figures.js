// Writes the figures of a state, live or past, and the tickets that were sold last.

import * as format from "./format.js";

const $ = (id) => document.getElementById(id);

function write(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}

export function showFigures(state) {
  for (const name of ["sold", "capacity", "held", "free"]) write(name, format.count(state[name]));
  write("takings", format.money(state.takings));
  write("refunds", format.money(state.refunds));
  $("refunds-box").hidden = !Object.keys(state.refunds).length;
  write("share", state.capacity ? `· ${format.share(state.sold / state.capacity)}` : "");
  const whole = Math.max(1, state.capacity, state.sold + state.held);
  $("bar-sold").setAttribute("width", (state.sold / whole) * 1000);
  $("bar-held").setAttribute("x", (state.sold / whole) * 1000);
  $("bar-held").setAttribute("width", (state.held / whole) * 1000);
}

/** Null when nobody knows. */
export function showRate(perSecond) {
  write("rate", perSecond === null ? "–" : format.rate(perSecond));
}

export function summary(state) {
  const [sold, of, held, free] = [state.sold, state.capacity, state.held, state.free].map(format.count);
  return `${sold} of ${of} sold, ${held} held, ${free} free, takings ${format.money(state.takings)}`;
}

/** Tickets that are there already keep their place, so that only new ones move in. */
export function showTickets(tickets, zone, { past = false } = {}) {
  const list = $("tickets");
  const there = new Map([...list.children].map((item) => [item.dataset.ticket, item]));
  list.replaceChildren(...tickets.map((ticket) => {
    const item = there.get(ticket.ticket) ?? stub(ticket, zone);
    item.dataset.state = ticket.state;
    item.querySelector(".void").textContent = ticket.state === "sold" ? "" : `${past ? "since " : ""}${ticket.state}`;
    return item;
  }));
  $("no-tickets").hidden = tickets.length > 0;
}

/** One ticket, as a stub torn off a roll. */
function stub(ticket, zone) {
  const item = element("li", "ticket");
  item.dataset.ticket = ticket.ticket;
  const torn = element("div", "stub");
  torn.append(
    element("strong", "type", ticket.type_name),
    element("span", "price", format.money({ [ticket.currency]: ticket.price_minor })),
  );
  const told = element("p", "told", format.clock(Date.parse(ticket.sold_at) / 1000, zone));
  if (ticket.of > 1) told.append(` · ${ticket.number} of ${ticket.of}`);
  told.append(` · ${ticket.channel} `, element("span", "void"));
  item.append(torn, told);
  return item;
}

export function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
