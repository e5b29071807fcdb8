// The line to the server: server-sent events over fetch, since EventSource cannot send a token, and
// commands under one key each, again and again until there is an answer.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

const SILENCE = 5000; // ms; the server says something every second
const LATEST = 5000;

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

const fresh = () =>
  crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Asks for something to be done; what is wrong in words, or nothing. */
export async function send(path, token) {
  const headers = { authorization: `Bearer ${token}`, "idempotency-key": fresh() };
  for (let wait = 200; ; wait = Math.min(wait * 2, LATEST)) {
    try {
      const sent = await fetch(path, { method: "POST", headers, signal: AbortSignal.timeout(5000) });
      if (sent.ok) return "";
      if (sent.status !== 429 && sent.status < 500) return (await sent.json()).detail ?? sent.statusText;
    } catch { /* the line is down: the same again */ }
    await pause(wait);
  }
}

/** Calls `tell(name, data)` for each event, and comes back by itself until the server refuses. */
export async function follow(path, token, { tell, problem, line }) {
  let lastId = "";
  for (let wait = 300; ; wait = Math.min(wait * 2, LATEST)) {
    const stop = new AbortController();
    let watch = setTimeout(() => stop.abort(), SILENCE);
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE);
    };
    try {
      const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
      if (lastId) headers["last-event-id"] = lastId;
      const answer = await fetch(path, { headers, signal: stop.signal, cache: "no-store" });
      if ([400, 401, 403, 404].includes(answer.status)) {
        problem((await answer.json()).detail ?? answer.statusText);
        line("Not connected");
        return;
      }
      if (answer.ok) {
        line("Live");
        for await (const event of events(answer.body, heard)) {
          lastId = event.id || lastId;
          wait = 300;
          tell(event.name, JSON.parse(event.data));
        }
      }
    } catch { /* the line is down */ } finally {
      clearTimeout(watch);
    }
    line("No connection: trying again");
    await pause(wait);
  }
}

async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { id: "", name: "message", data: "" };
      for (const each of block.split("\n")) {
        const [, field, text] = /^([^:]*):? ?(.*)$/.exec(each);
        if (field === "id") event.id = text;
        else if (field === "event") event.name = text;
        else if (field === "data") event.data += text;
      }
      if (event.data) yield event;
    }
  }
}
