// Whose page this is. A link carries #token=…&occurrence=…; what is after # never reaches a server.
// The token is taken out of the address bar at once and kept for this tab only.

const KEPT = "roadcase.token";

/** `{token, occurrence}` of this tab; either may be empty. */
export function access() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const given = asked.get("token");
  if (given) {
    keep(given);
    asked.delete("token");
    history.replaceState(null, "", asked.size ? `#${asked}` : location.pathname);
  }
  return { token: kept(), occurrence: asked.get("occurrence") ?? "", all: asked.has("nights") };
}

export function keep(token) {
  try {
    sessionStorage.setItem(KEPT, token.trim());
  } catch {
    memory = token.trim(); // storage is switched off: until the page is left
  }
}

export function forget() {
  memory = "";
  try {
    sessionStorage.removeItem(KEPT);
  } catch { /* nothing was kept */ }
}

let memory = "";

function kept() {
  try {
    return sessionStorage.getItem(KEPT) ?? memory;
  } catch {
    return memory;
  }
}

/** Whether a token says that it may. Only its server decides; this saves asking in vain. */
export function may(token, scope) {
  try {
    const claims = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(claims)).scopes.includes(scope);
  } catch {
    return false;
  }
}

/** The address of a night, to link to. */
export function linkTo(occurrence) {
  return `#${new URLSearchParams({ occurrence })}`;
}
