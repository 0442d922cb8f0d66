import { draw, person, USERS, zipf, type Person } from "./population.ts";
import type { Random } from "./random.ts";

/** A day of the shop passes in ten minutes, so that its hours show on a chart within one visit. */
export const DAY_SECONDS = 600;

const SESSIONS_PER_SECOND = 7;
const NIGHT = 0.35;

/** Sessions that begin per second, `seconds` after the start: least at night, most in the afternoon. */
export function sessionsPerSecond(seconds: number): number {
  const phase = ((seconds % DAY_SECONDS) / DAY_SECONDS) * 2 * Math.PI;
  return SESSIONS_PER_SECOND * (NIGHT + (1 - NIGHT) * (0.5 + 0.5 * Math.sin(phase)));
}

/** One request of a session: what, and how long after the session's start, ms. */
export interface Step {
  atMs: number;
  method: "GET" | "POST" | "PUT";
  path: string;
}

export interface Visit {
  person: Person;
  steps: Step[];
}

// Those who own much also come more often, though far less steeply than they own.
const COMES = zipf(USERS, 0.8);
const WORDS = ["cache", "tail", "slow", "queue", "answer"];

type Page = [weight: number, method: Step["method"], path: (who: Person, random: Random) => string];

const PAGES: readonly Page[] = [
  [24, "GET", (_w, r) => thread(r)],
  [17, "GET", () => "/cart"],
  [11, "GET", (w) => `/users/${w.id}/comments/count`],
  [14, "GET", (w) => `/users/${w.id}/comments`],
  [5, "GET", (w) => `/users/${w.id}/posts`],
  [5, "GET", (w) => `/users/${w.id}/activity`],
  [8, "GET", (_w, r) => `/search?q=${WORDS[Math.floor(r() * WORDS.length)]}`],
  [5, "PUT", () => "/profile"],
  [1, "PUT", () => "/comments/newest"],
  [4, "GET", () => "/health"],
  [2, "POST", () => "/reports"],
  [1, "GET", () => "/admin/users"],
  [1, "GET", (_w, r) => `/admin/comments/count?q=${WORDS[Math.floor(r() * WORDS.length)]}`],
  [1, "GET", (_w, r) => `/admin/alike?author=${200 + Math.floor(r() * 1_800)}`],
  [1, "GET", (_w, r) => `/wp-login.php?try=${Math.floor(r() * 1e6)}`],
];
const WEIGHT = PAGES.reduce((sum, [weight]) => sum + weight, 0);
const CHANCES = Float64Array.from(
  PAGES,
  (_, n) => PAGES.slice(0, n + 1).reduce((sum, [weight]) => sum + weight, 0) / WEIGHT,
);

/** Seven of ten arrive by a link to a thread, and turn to their feed once they have read a little. */
const BY_LINK = 0.7;

/** One visit: the feed at first or soon, then some pages with time to read between them. */
export function nextVisit(random: Random): Visit {
  const who = person(1 + draw(COMES, random));
  const steps: Step[] = [];
  let atMs = 0;
  const next = (method: Step["method"], path: string) => {
    steps.push({ atMs, method, path });
    atMs += 400 + random() * 5_000;
  };
  if (random() < BY_LINK) next("GET", thread(random));
  next("GET", "/feed");
  for (let left = 1 + Math.floor(random() * 7); left > 0; left--) {
    const [, method, path] = PAGES[draw(CHANCES, random)]!;
    next(method, path(who, random));
  }
  return { person: who, steps };
}

const thread = (random: Random): string => `/threads/${1 + Math.floor(random() * 20_200)}`;

/** Once in most minutes somebody leaves the author out. */
export const RUNAWAY: Step = { atMs: 0, method: "GET", path: "/admin/alike" };
export const runawayWaitSeconds = (random: Random): number => 35 + random() * 30;
