// What a gate has beside its scanner: which gate it is, how full the house is, names, a clicker.
import { device, fresh } from "./gateway.js";

const at = (id) => document.getElementById(id);
const made = (kind, text) => Object.assign(document.createElement(kind), { textContent: text });

export async function house(ask) {
  const [good, stand] = await ask("admission");
  if (!good) return null;
  const most = stand.occupancy_max, left = most === null ? null : most - stand.occupancy;
  const room = left === null ? "" : left > 0 ? ` of ${most}: room for ${left}` : ` of ${most}: full`;
  at("house").textContent = `${stand.occupancy} inside${room}`;
  return stand;
}

export async function setup(ask, desk) {
  const stand = await house(ask);
  const names = (stand?.plan.gates ?? []).map((each) => each.gate);
  if (names.length) {
    if (!names.includes(desk.gate)) names.unshift(desk.gate);
    at("gate").replaceChildren(...names.map((each) => made("option", each)));
    at("gate").value = desk.gate;
    at("gates").hidden = false;
  }
  at("gate").addEventListener("change", () => {
    desk.gate = at("where").textContent = at("gate").value;
  });
  setInterval(() => document.hidden || house(ask), 5000);
}

function line(guest, letIn) {
  const item = document.createElement("li"), who = made("span", guest.name);
  const state = guest.state !== "sold" ? guest.state : guest.inside ? "is in" : "not in yet";
  who.append(made("small", `${guest.ticket_type}, ${guest.ticket}: ${state}`));
  const button = made("button", "Let in");
  button.type = "button";
  button.setAttribute("aria-label", `Let in ${guest.name}, ${guest.ticket}`);
  button.onclick = () => letIn(guest.code);
  item.append(who, button);
  return item;
}

export function finder(ask, letIn) {
  at("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    const [good, said] = await ask("guests/search", { text: at("who").value });
    const none = good ? "Nobody has this name." : said.detail;
    const rows = good ? said.items.map((each) => line(each, (code) => {
      at("found").replaceChildren();
      at("who").value = "";
      letIn(code);
    })) : [];
    at("found").replaceChildren(...(rows.length ? rows : [made("li", none)]));
  });
}

export function clicker(ask, desk, say) {
  for (const button of document.querySelectorAll("[data-count]")) {
    button.onclick = async () => {
      const nonce = fresh(), direction = button.dataset.count;
      const [good, said] = await ask("counts", { gate: desk.gate, nonce, direction, device }, nonce);
      if (good) say(direction === "entry" ? "One in" : "One out", "Counted.", "good");
      else say("Not counted", said.detail, "bad");
      house(ask);
    };
  }
}
