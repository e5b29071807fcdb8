// How a gate asks its server: under one key, again and again until there is an answer.

export const fresh = () =>
  crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

function own() {
  try {
    const kept = localStorage.getItem("roadcase-device") || fresh();
    localStorage.setItem("roadcase-device", kept);
    return kept;
  } catch { // storage is switched off: this page is a device of its own
    return fresh();
  }
}

export const device = own(); // which device this is: it may undo its own scans

// A question without a body is read; `[whether it went well, what was said]`.
export const gateway = (occurrence, token, waiting) => async (what, body, key) => {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  if (key) headers["idempotency-key"] = key;
  const where = `/ticketing/occurrences/${encodeURIComponent(occurrence)}/${what}`;
  const asked = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  for (let pause = 200; ; pause = Math.min(pause * 2, 3000)) {
    try {
      const sent = await fetch(where, { ...asked, signal: AbortSignal.timeout(5000) });
      if (sent.status !== 429 && sent.status < 500) return [sent.ok, await sent.json()];
    } catch { /* the line is down: the same again */ }
    if (!key) return [false, { detail: "No answer: try again." }];
    waiting();
    await new Promise((done) => setTimeout(done, pause));
  }
};
