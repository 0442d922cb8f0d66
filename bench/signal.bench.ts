import type { RequestListener } from "@/lib/sdk/src/client-inside";
import { systemClock } from "@/lib/sdk/src/clock";
import { Foreground } from "@/lib/sdk/src/prefill/foreground";
import { Sessions } from "@/lib/sdk/src/prefill/sessions";
import { SignalWatch } from "@/lib/sdk/src/prefill/signal-watch";
import { cpuNs, medians, type Row, short } from "./rounds.ts";
import { seeded } from "./samples.ts";

const REQUESTS = 400_000;
const ROUNDS = 15;
const USERS = 10_000;

const random = seeded(11);
const routes = Array.from({ length: 200 }, (_, at) => `/shop/${at}/items/:id`);
const known = Array.from({ length: USERS }, (_, at) => `user-${at}`);
/** As requests bring them: texts of their own each time, which the map has to hash and to compare. */
const fresh = Array.from({ length: REQUESTS }, () => Buffer.from(known[Math.floor(random() * USERS)]!).toString());
const strangers = Array.from({ length: REQUESTS }, (_, at) => `stranger-${at}`);

/** What prefill does in a request, with and without routes that are signals. Signals are not looked at here: that is off its path. */
function listening(signals: string[]): RequestListener {
  const foreground = new Foreground();
  foreground.limitUs = 100_000;
  const sessions = new Sessions(1_800_000, 50_000);
  const watch = new SignalWatch({ clock: systemClock, sessions, foreground, consider: () => undefined });
  watch.watchRoutes(signals);
  return (method, route, outcome, latencyUs, user) => watch.request(method, route, outcome, latencyUs, user);
}

function run(make: () => RequestListener, users: readonly (string | undefined)[]): () => number {
  return () => {
    const listen = make();
    const drive = () => {
      for (let at = 0; at < REQUESTS; at++) {
        listen("GET", routes[at % 200]!, "ok", at % 200_000, users[at % users.length]);
      }
    };
    return cpuNs(drive) / REQUESTS;
  };
}

/** Nanoseconds of CPU that prefill's hook adds to a request. */
export default async function bench(): Promise<Row[]> {
  const empty: RequestListener = () => undefined;
  const found = medians(
    {
      "loop alone": run(() => empty, fresh),
      "no user": run(() => listening([]), [undefined]),
      "a user seen before": run(() => listening([]), fresh),
      "a user seen before, routes are signals": run(() => listening(["POST /sign-in"]), fresh),
      "a user never seen, and forgotten soon": run(() => listening([]), strangers),
    },
    ROUNDS,
  );
  return Object.entries(found).map(([what, ns]) => ({
    what,
    nsPerRequest: short(ns),
    nsWithoutLoop: short(ns - found["loop alone"]!),
  }));
}
