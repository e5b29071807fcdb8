// Where the page begins: whose it is, which night, and then that night until another is asked for.

import { access, forget, keep, linkTo } from "./access.js";
import { NIGHTS, asked } from "./ask.js";
import * as format from "./format.js";
import { Night } from "./night.js";

const $ = (id) => document.getElementById(id);
let night = null;

function show(id) {
  for (const each of document.querySelectorAll("main")) each.hidden = each.id !== id;
}

function askWhoLooks(why) {
  forget();
  if (why) $("ask-why").textContent = why;
  show("ask");
  $("ask-token").focus();
}

function refused(problem) {
  night?.close();
  if (problem.status === 401) askWhoLooks(`${problem.message}. Open a new link, or paste a token.`);
  else if (problem.status === 403) askWhoLooks("This token may not see box offices. Paste one that may.");
  else choose("There is no such night here.");
}

async function choose(why = "") {
  const { token } = access();
  let found;
  try {
    found = (await asked(NIGHTS, token)).items;
  } catch (problem) {
    if (problem.final) refused(problem);
    else setTimeout(route, 2000);
    return;
  }
  if (found.length === 1 && !why && !access().all) {
    open(found[0].occurrence, token);
    return;
  }
  $("choose-why").hidden = !why && found.length > 0;
  $("choose-why").textContent = why || "No night is on sale yet.";
  $("choose-list").replaceChildren(...found.map(line));
  document.title = "Nights – Roadcase";
  show("choose");
}

function line({ occurrence, name, sold, capacity }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = linkTo(occurrence);
  link.append(name, document.createElement("span"));
  link.lastChild.textContent = `${format.count(sold)} of ${format.count(capacity)} sold`;
  item.append(link);
  return item;
}

function open(occurrence, token) {
  show("night");
  night = new Night(occurrence, token, refused);
}

function route() {
  night?.close();
  night = null;
  const { token, occurrence, all } = access();
  if (!token) askWhoLooks();
  else if (occurrence && !all) open(occurrence, token);
  else choose();
}

$("ask-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keep($("ask-token").value);
  $("ask-token").value = "";
  route();
});
addEventListener("hashchange", route);
route();
