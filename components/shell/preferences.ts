/** What a reader prefers, kept in cookies, so that the server already draws the page that way. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const CLOCKS = ["local", "utc"] as const;
export type ClockChoice = (typeof CLOCKS)[number];

export const THEME_COOKIE = "tailfill-theme";
export const CLOCK_COOKIE = "tailfill-clock";

export interface ClockPreference {
  choice: ClockChoice;
  /** The browser's zone as it last told it, whatever is chosen; until it did, local times are written in UTC. */
  zone: string;
}

export function readTheme(cookie: string | undefined): Theme {
  return cookie === "light" || cookie === "dark" ? cookie : "system";
}

/** `local:` or `utc:` and the browser's zone; anything else counts as a first visit. */
export function readClock(cookie: string | undefined): ClockPreference {
  const [, choice, zone = ""] = /^(utc|local)(?::(.*))?$/.exec(unescaped(cookie ?? "")) ?? [];
  return { choice: choice === "utc" ? "utc" : "local", zone: isZone(zone) ? zone : "UTC" };
}

/** A cookie that another program of this host wrote may be anything. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z0-9_+\-/]{1,64}$/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** Kept for a year, for pages of this server only. */
export function keepCookie(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}
