// Questions to the server, as the holder of a token.

const ROOT = "/ticketing/occurrences";

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
export async function ask(path, token, { signal, headers } = {}) {
  const response = await fetch(ROOT + path, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Problem(response.status, told.detail ?? response.statusText);
}

export async function asked(path, token, options) {
  return (await ask(path, token, options)).json();
}

export function of(occurrence, what) {
  return `/${encodeURIComponent(occurrence)}/${what}`;
}
