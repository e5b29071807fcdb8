// Questions to the server, as the holder of a token.

export const NIGHTS = "/ticketing/occurrences";
// Behind the same address, unless the page was told otherwise.
const DEVICES = `${document.querySelector("meta[name=devices]")?.content ?? ""}/devices`;

/** The server said no: `status` is HTTP's, `message` is for people. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Asking again will not help. */
  get final() {
    return [400, 401, 403, 404].includes(this.status);
  }
}

/** A response that is fine. Throws Problem, or TypeError when the server cannot be reached. */
export async function ask(address, token, { signal, headers, cache = "no-store" } = {}) {
  const response = await fetch(address, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal,
    cache,
    credentials: "omit",
    redirect: "error",
  });
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Problem(response.status, told.detail ?? response.statusText);
}

export async function asked(address, token, options) {
  return (await ask(address, token, options)).json();
}

export function of(occurrence, what) {
  return `${NIGHTS}/${encodeURIComponent(occurrence)}/${what}`;
}

export function printedOf(occurrence, what) {
  return `${DEVICES}/occurrences/${encodeURIComponent(occurrence)}/printed${what}`;
}

export function pictureOf(job) {
  return `${DEVICES}/jobs/${encodeURIComponent(job)}/picture`;
}
