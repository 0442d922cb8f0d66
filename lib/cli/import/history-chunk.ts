import { ByteWriter, encodeV2, HIGHEST_US, indexOf, type Payload, SeriesStore } from "../../histogram/index.ts";
import { cleanName, type Outcome, OUTCOMES } from "../../wire/index.ts";
import type { EndpointName } from "./route-names.ts";

/** What is gathered of one endpoint in one window: numbers of series. */
interface GatheredEndpoint {
  outcomes: (number | undefined)[];
  users: Map<string, number>;
  /** Histograms that were logged as such. */
  logged: { outcome: Outcome; payload: Payload }[];
}

interface GatheredWindow {
  seconds: number;
  methods: Map<string, Map<string, GatheredEndpoint>>;
}

/** A request whose endpoint is named. */
export interface NamedRequest {
  atMs: number;
  endpoint: EndpointName;
  outcome: Outcome;
  latencyUs: number;
  user: string | null;
}

/** A window of the body that `POST /api/v1/import` takes. */
interface WindowBody {
  window: { start: string; seconds: number };
  endpoints: object[];
  losses?: Record<string, number>;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How wide a window of some age is: what the server keeps there. Narrower ones would be added up, wider ones lose time. */
export function windowSecondsAt(atMs: number, nowMs: number): number {
  const ageSeconds = (nowMs - atMs) / 1_000;
  if (ageSeconds < DAY) return 10;
  return ageSeconds < 14 * DAY ? 60 : HOUR;
}

/** Requests of a stretch of a log on their way into windows. */
export class HistoryChunk {
  /** Histograms so far: they bound its memory, and what is sent of it. */
  series = 0;
  requests = 0;
  private overRange = 0;
  private readonly store = new SeriesStore();
  private readonly windows = new Map<number, GatheredWindow>();

  /** @param nowMs decides how wide windows are */
  constructor(private readonly nowMs: number) {}

  request({ atMs, endpoint, outcome, latencyUs, user }: NamedRequest): void {
    const gathered = this.at(atMs, windowSecondsAt(atMs, this.nowMs), endpoint);
    if (latencyUs > HIGHEST_US) this.overRange++;
    const index = indexOf(Math.min(latencyUs, HIGHEST_US));
    const place = OUTCOMES.indexOf(outcome);
    this.store.record((gathered.outcomes[place] ??= this.newSeries()), index);
    this.requests++;
    if (user === null) return;
    const id = cleanName(user);
    let series = gathered.users.get(id);
    if (series === undefined) gathered.users.set(id, (series = this.newSeries()));
    this.store.record(series, index);
  }

  /** Adds an interval that was logged as a histogram. It counts in the window in which it began, which is no narrower than it. */
  interval(
    { startMs, seconds }: { startMs: number; seconds: number },
    endpoint: EndpointName,
    logged: { outcome: Outcome; payload: Payload; count: number },
  ): void {
    const width = Math.min(HOUR, Math.max(1, Math.ceil(seconds)));
    const { outcome, payload } = logged;
    this.series++;
    this.requests += logged.count;
    this.exact(startMs, width, endpoint).logged.push({ outcome, payload });
  }

  /** The windows as the server takes them. */
  body(): WindowBody[] {
    const windows = [...this.windows].map(([startMs, { seconds, methods }]) => ({
      window: { start: new Date(startMs).toISOString(), seconds },
      endpoints: [...methods].flatMap(([method, routes]) =>
        [...routes].flatMap(([route, gathered]) => this.endpointBodies(method, route, gathered)),
      ),
    }));
    if (this.overRange > 0 && windows.length > 0)
      Object.assign(windows[0]!, { losses: { over_range: this.overRange } });
    return windows;
  }

  private newSeries(): number {
    this.series++;
    return this.store.add();
  }

  private at(atMs: number, seconds: number, endpoint: EndpointName): GatheredEndpoint {
    const width = seconds * 1_000;
    return this.exact(Math.floor(atMs / width) * width, seconds, endpoint);
  }

  private exact(startMs: number, seconds: number, { method, route }: EndpointName): GatheredEndpoint {
    const window = getOrAdd(this.windows, startMs, () => ({ seconds, methods: new Map() }) as GatheredWindow);
    window.seconds = Math.max(window.seconds, seconds);
    const routes = getOrAdd(window.methods, method, () => new Map<string, GatheredEndpoint>());
    return getOrAdd(routes, route, () => ({ outcomes: [], users: new Map(), logged: [] }));
  }

  private endpointBodies(method: string, route: string, { outcomes, users, logged }: GatheredEndpoint): object[] {
    const own = {
      method,
      route,
      outcomes: Object.fromEntries(
        OUTCOMES.flatMap((name, place) => {
          const series = outcomes[place];
          return series === undefined ? [] : [[name, this.textOf(series)]];
        }),
      ),
      users: [...users].map(([id, series]) => ({ id, latency: this.textOf(series) })),
    };
    const intervals = logged.map(({ outcome, payload }) => ({
      method,
      route,
      outcomes: { [outcome]: base64(payload) },
    }));
    return outcomes.length === 0 ? intervals : [own, ...intervals];
  }

  private textOf(series: number): string {
    const out = new ByteWriter(64);
    this.store.write(series, out);
    return base64(out.written());
  }
}

const base64 = (payload: Payload): string => Buffer.from(encodeV2(payload)).toString("base64");

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
