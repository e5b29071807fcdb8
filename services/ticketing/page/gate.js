// The gate: what is scanned or typed is asked once, and asked again with the same nonce until there is an answer.
import { reader } from "./scanner.js";

const link = new URLSearchParams(location.hash.slice(1));
const token = link.get("token"), occurrence = link.get("occurrence"), name = link.get("gate") || "door";
const gate = name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 64); // as it is recorded
const at = (id) => document.getElementById(id);
const answer = at("answer"), shown = at("shown"), scan = at("scan"), camera = at("camera");
let asking = false;

function say(title, text, result = "") {
  answer.dataset.result = result;
  answer.querySelector("strong").textContent = title;
  answer.querySelector("span").textContent = text;
}

function since(found) {
  if (!found.since) return "";
  const time = new Date(found.since).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return ` It came in at ${time}, by ${found.since_gate}.`;
}

async function send(scanned) {
  const nonce = crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const body = JSON.stringify({ gate, nonce, claimed_at: new Date().toISOString(), ...scanned });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": nonce };
  const where = `/ticketing/occurrences/${encodeURIComponent(occurrence)}/scans`;
  for (let pause = 200; ; pause = Math.min(pause * 2, 3000)) {
    try {
      const sent = await fetch(where, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
      if (sent.status !== 429 && sent.status < 500) return [sent.ok, await sent.json()];
    } catch { /* the line is down: the same scan again */ }
    say("No answer yet", "The same scan is asked again.");
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function ask(text, direction) {
  if (asking) return;
  asking = true;
  say("…", "");
  try {
    const [good, found] = await send({ shown: text, direction });
    if (!good) say("Not asked", found.detail, "bad");
    else if (found.result === "refused") say("Stop", found.message + since(found), "bad");
    else say(found.result === "admitted" ? "Come in" : "Goes out", found.message, "good");
  } finally {
    asking = false;
  }
  shown.value = "";
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
    const found = asking || !camera.videoWidth ? "" : await read(camera);
    if (found) {
      const held = found === last && Date.now() < forget;
      last = found;
      if (!held) await ask(found, "entry");
      forget = Date.now() + 4000; // a ticket that is held on is one scan
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

if (!token || !occurrence) {
  say("Open the link you were given", "It says which night this gate is for.", "bad");
  at("form").hidden = true;
} else {
  at("where").textContent = name;
  if (navigator.mediaDevices) { // only over HTTPS, and on this machine
    scan.hidden = false;
    scan.addEventListener("click", (event) => {
      event.preventDefault();
      look().catch((error) => say("No camera", error.message, "bad"));
    });
  }
}
