// Server-sent events over fetch, since EventSource cannot send a token. Comes back by itself, from
// the last event it got; takes a silent connection for a broken one.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { ask } from "./ask.js";

const SILENCE = 5000; // ms; the server says something every second
const SOON = 300;
const LATEST = 5000;

/** Calls `event(name, data)`, `link("open" | "lost")`, and `refused(problem)` when it is over. */
export class Stream {
  constructor(path, token, { event, link, refused }) {
    this.told = { event, link, refused };
    this.path = path;
    this.token = token;
    this.lastId = "";
    this.heard = Date.now();
    this.pause = SOON;
    this.closed = false;
    this.watching = setInterval(() => this.#watch(), 1000);
    this.wake = () => this.#watch();
    document.addEventListener("visibilitychange", this.wake);
    addEventListener("online", this.wake);
    this.#run();
  }

  close() {
    this.closed = true;
    clearInterval(this.watching);
    document.removeEventListener("visibilitychange", this.wake);
    removeEventListener("online", this.wake);
    this.aborter?.abort();
  }

  #watch() {
    if (Date.now() - this.heard > SILENCE) this.aborter?.abort();
  }

  async #run() {
    while (!this.closed) {
      try {
        await this.#listen();
      } catch (error) {
        if (this.closed) return;
        if (error.final) {
          this.close();
          this.told.refused(error);
          return;
        }
      }
      if (this.closed) return;
      this.told.link("lost");
      await new Promise((done) => setTimeout(done, this.pause * (0.75 + Math.random() / 2)));
      this.pause = Math.min(this.pause * 2, LATEST);
    }
  }

  async #listen() {
    this.aborter = new AbortController();
    this.heard = Date.now();
    const headers = { accept: "text/event-stream" };
    if (this.lastId) headers["last-event-id"] = this.lastId;
    const response = await ask(this.path, this.token, { signal: this.aborter.signal, headers });
    this.told.link("open");
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heard = Date.now();
      this.pause = SOON;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      blocks.forEach((block) => this.#tell(block));
    }
  }

  #tell(block) {
    let name = "message";
    const data = [];
    for (const line of block.split("\n")) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === "id") this.lastId = value;
      else if (field === "event") name = value;
      else if (field === "data") data.push(value);
    }
    if (data.length) this.told.event(name, JSON.parse(data.join("\n")));
  }
}
