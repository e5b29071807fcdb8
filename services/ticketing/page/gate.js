// The gate: what is scanned or typed is asked once, and asked again with the same nonce until there is an answer.
import { device, fresh, gateway } from "./gateway.js";
import { clicker, finder, house, setup } from "./gate_desk.js";
import { reader } from "./scanner.js";

const link = new URLSearchParams(location.hash.slice(1));
const token = link.get("token"), occurrence = link.get("occurrence"), name = link.get("gate") || "door";
const at = (id) => document.getElementById(id);
const answer = at("answer"), shown = at("shown"), scan = at("scan"), camera = at("camera"), note = at("note"), things = at("things");
const desk = { gate: name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 64), asking: false }; // as it is recorded
const ask_for = gateway(occurrence, token, () => say("No answer yet", "The same scan is asked again."));

function say(title, text, result = "") {
  answer.dataset.result = result;
  answer.querySelector("strong").textContent = title;
  answer.querySelector("span").textContent = text;
  if (result) sound(result === "bad" ? [220, 160] : [660, 880]);
}

let audio;
function sound(tones) {
  if (!at("sound").checked || !navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  tones.forEach((hertz, n) => {
    const tone = audio.createOscillator(), quiet = audio.createGain();
    tone.frequency.value = hertz;
    quiet.gain.value = 0.15;
    tone.connect(quiet).connect(audio.destination);
    tone.start(audio.currentTime + n * 0.14);
    tone.stop(audio.currentTime + n * 0.14 + 0.12);
  });
  navigator.vibrate?.(tones[0] < 400 ? [200, 80, 200] : 60);
}

function since(found) {
  if (!found.since) return "";
  const time = new Date(found.since).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return ` It came in at ${time}, by ${found.since_gate}.`;
}

function tell(found, nonce) {
  const inside = found.admits > 1 ? ` ${found.inside} of ${found.admits} are in.` : "";
  note.textContent = found.text || (found.attention ? "Look at this guest's ticket twice." : "");
  note.hidden = !note.textContent;
  if (found.result === "refused") return say("Stop", found.message + since(found), "bad");
  say(found.result === "admitted" ? "Come in" : "Goes out", found.message + inside, found.attention ? "look" : "good");
  for (const each of found.hand_out || []) give(found.ticket, each);
  at("annul").hidden = false;
  at("annul").onclick = () => undo(nonce);
}

function give(ticket, { item, name: what }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `Give: ${what}`;
  things.hidden = false;
  things.append(button);
  const key = fresh();
  button.onclick = async () => {
    button.disabled = true;
    const [good, said] = await ask_for("hand-outs", { ticket, item, gate: desk.gate, device }, key);
    button.textContent = good ? `Given: ${what}` : said.detail;
  };
}

async function undo(nonce) {
  at("annul").hidden = true;
  const [good, said] = await ask_for(`scans/${nonce}/annul`, { device }, fresh());
  clear();
  say(good ? "Undone" : "Not undone", good ? "That scan did not happen." : said.detail, good ? "" : "bad");
  house(ask_for);
}

function clear() {
  note.hidden = things.hidden = at("annul").hidden = true;
  things.replaceChildren();
}

async function ask(text, direction) {
  if (desk.asking) return;
  desk.asking = true;
  clear();
  say("…", "");
  const nonce = fresh(), guests = Math.max(1, Math.min(1000, Number(at("guests").value) || 1));
  try {
    const body = { gate: desk.gate, nonce, claimed_at: new Date().toISOString(), shown: text, direction, device, guests };
    const [good, found] = await ask_for("scans", body, nonce);
    if (good) tell(found, nonce);
    else say("Not asked", found.detail, "bad");
  } finally {
    desk.asking = false;
  }
  at("guests").value = 1;
  shown.value = "";
  house(ask_for);
  if (camera.hidden) shown.focus(); // on a phone that would bring the keyboard up
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(shown.value, event.submitter?.value ?? "entry");
});

async function look() {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
  const read = await reader();
  camera.srcObject = stream;
  camera.hidden = false;
  scan.hidden = true;
  await camera.play();
  let last = "", forget = 0;
  for (;;) {
    const found = desk.asking || !camera.videoWidth ? "" : await read(camera);
    if (found) {
      const held = found === last && Date.now() < forget;
      last = found;
      if (!held) await ask(found, document.querySelector("[name=way]:checked").value);
      forget = Date.now() + 4000; // a ticket that is held on is one scan
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

if (!token || !occurrence) {
  say("Open the link you were given", "It says which night this gate is for.", "bad");
  for (const each of document.querySelectorAll("form, details")) each.hidden = true;
} else {
  at("where").textContent = name;
  setup(ask_for, desk);
  finder(ask_for, (code) => ask(code, "entry"));
  clicker(ask_for, desk, say);
  if (navigator.mediaDevices) { // only over HTTPS, and on this machine
    scan.hidden = false;
    scan.addEventListener("click", (event) => {
      event.preventDefault();
      look().catch((error) => say("No camera", error.message, "bad"));
    });
  }
}
