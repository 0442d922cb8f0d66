import {
  isCached,
  isReserved,
  MOST_DEFINITIONS,
  OTHER_ENDPOINT,
  OTHER_METHOD,
  STATEMENT_METHOD,
} from "../wire/index.ts";
import type { Connection, Db } from "./db.ts";
import { ENDPOINTS_KEPT, ENVIRONMENTS_KEPT, SERVICES_KEPT, STATEMENTS_KEPT } from "./tiers.ts";

/** An endpoint of a service and environment, by its names. */
export interface RouteName {
  method: string;
  route: string;
}

export interface ResolvedEndpoint {
  id: number;
  /** The row of the same service and environment that stands for all its endpoints together. */
  totalId: number;
  serviceId: number;
  /** The cap was reached: this is `(other)`, not the endpoint asked for. */
  capped: boolean;
}

/** First half of the advisory locks under which endpoints are added, so that two folders keep the cap. */
const ENDPOINT_LOCKS = 7_243_392;
/** The names of the `total` row. No batch can name an endpoint so: both are empty. */
const TOTAL: RouteName = { method: "", route: "" };

/** What is beyond the cap is kept under this name: requests under one, each reserved method under one of its own. */
const otherOf = ({ method }: RouteName): RouteName => ({
  method: isReserved(method) ? method : OTHER_METHOD,
  route: OTHER_ENDPOINT,
});

/** How many names are kept of what goes by this method; by that of their bucket. */
function capOf(group: string): number {
  if (group === STATEMENT_METHOD) return STATEMENTS_KEPT;
  return isCached(group) ? MOST_DEFINITIONS : ENDPOINTS_KEPT;
}

/** A service as it is stored: a name beyond the cap is stored as `(other)`. */
export interface ResolvedService {
  id: number;
  name: string;
}

/** Any fixed number: under this lock services are added, so that two folders keep the cap. */
const SERVICE_LOCK = 7_243_391_803;

/** The services by the names asked for; those not known yet are added, up to the cap. */
export async function resolveServices(db: Db, names: readonly string[]): Promise<Map<string, ResolvedService>> {
  const known = await servicesOf(db, names);
  if (names.every((name) => known.has(name))) return known;
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SERVICE_LOCK})`;
      return addServices(tx, names);
    },
    { timeout: 20_000, maxWait: 10_000 },
  );
}

async function addServices(tx: Connection, names: readonly string[]): Promise<Map<string, ResolvedService>> {
  const known = await servicesOf(tx, names);
  const missing = names.filter((name) => !known.has(name));
  const room = Math.max(0, SERVICES_KEPT - (await tx.service.count()));
  const added = missing.slice(0, room);
  const beyond = missing.slice(room);
  if (beyond.length > 0) added.push(OTHER_ENDPOINT);
  await tx.service.createMany({ data: added.map((name) => ({ name })), skipDuplicates: true });
  const all = await servicesOf(tx, [...names, OTHER_ENDPOINT]);
  for (const name of beyond) all.set(name, all.get(OTHER_ENDPOINT)!);
  return all;
}

async function servicesOf(db: Connection, names: readonly string[]): Promise<Map<string, ResolvedService>> {
  const rows = await db.service.findMany({ where: { name: { in: [...names] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [name, { id, name }]));
}

interface EndpointRow {
  id: number;
  method: string;
  route: string;
  total: boolean;
}

/** The endpoints of one service and environment, as a fold needs them: found, added, or capped. */
export class EndpointBook {
  private readonly ids = new Map<string, Map<string, number>>();
  /** How many there are that count towards a cap, by the method of the cap's bucket. */
  private readonly counts = new Map<string, number>();
  /** The id of the row that stands for all of them together. */
  totalId = 0;

  private constructor(
    readonly serviceId: number,
    /** As it is stored: beyond the cap, `(other)`. */
    readonly environment: string,
  ) {}

  /**
   * Opens the book with these endpoints in it: those not known yet are added, up to the cap. Adding is committed at
   * once: an endpoint without samples harms nobody, and no other folder has to wait for this one's transaction.
   */
  static async open(
    db: Db,
    scope: { serviceId: number; environment: string },
    names: readonly RouteName[],
  ): Promise<EndpointBook> {
    const book = new EndpointBook(scope.serviceId, scope.environment);
    await book.load(db);
    const isNew = book.totalId === 0 && scope.environment !== OTHER_ENDPOINT;
    if (isNew && (await environmentsOf(db, scope.serviceId)) >= ENVIRONMENTS_KEPT)
      return EndpointBook.open(db, { serviceId: scope.serviceId, environment: OTHER_ENDPOINT }, names);
    if (book.totalId === 0 || names.some((name) => book.find(name) === undefined)) await book.add(db, names);
    return book;
  }

  resolve(name: RouteName): ResolvedEndpoint {
    const { serviceId, totalId } = this;
    const id = this.find(name);
    if (id !== undefined) return { id, totalId, serviceId, capped: false };
    return { id: this.find(otherOf(name))!, totalId, serviceId, capped: true };
  }

  private find({ method, route }: RouteName): number | undefined {
    return this.ids.get(method)?.get(route);
  }

  private async load(db: Connection): Promise<void> {
    const { serviceId, environment } = this;
    const select = { id: true, method: true, route: true, total: true } as const;
    const rows = await db.endpoint.findMany({ where: { serviceId, environment }, select });
    this.ids.clear();
    this.counts.clear();
    for (const row of rows) this.enter(row);
  }

  private enter({ id, method, route, total }: EndpointRow): void {
    if (total) {
      this.totalId = id;
      return;
    }
    const group = otherOf({ method, route }).method;
    if (!isOther({ method, route })) this.counts.set(group, (this.counts.get(group) ?? 0) + 1);
    const routes = this.ids.get(method) ?? new Map<string, number>();
    this.ids.set(method, routes.set(route, id));
  }

  private async add(db: Db, names: readonly RouteName[]): Promise<void> {
    await db.$transaction(
      async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ENDPOINT_LOCKS}::int, ${this.serviceId}::int)`;
        await this.load(tx);
        await this.insert(tx, this.missing(names));
        await this.load(tx);
      },
      { timeout: 20_000, maxWait: 10_000 },
    );
  }

  /** Those to add: all that are missing while there is room; the bucket of the rest when there is not. */
  private missing(names: readonly RouteName[]): RouteName[] {
    const counts = new Map(this.counts);
    const needed = distinct(names.filter((name) => this.find(name) === undefined)).map((name) => {
      if (isOther(name)) return name;
      const group = otherOf(name).method;
      const count = (counts.get(group) ?? 0) + 1;
      counts.set(group, count);
      return count <= capOf(group) ? name : otherOf(name);
    });
    return distinct(needed);
  }

  private async insert(tx: Connection, names: readonly RouteName[]): Promise<void> {
    const { serviceId, environment } = this;
    const rows = [...names.map((name) => ({ ...name, total: false })), { ...TOTAL, total: true }];
    await tx.endpoint.createMany({
      data: rows.map((row) => ({ serviceId, environment, ...row })),
      skipDuplicates: true,
    });
  }
}

async function environmentsOf(db: Connection, serviceId: number): Promise<number> {
  return db.endpoint.count({ where: { serviceId, total: true } });
}

/** Each name once, and nothing but the name. */
function distinct(names: readonly RouteName[]): RouteName[] {
  const seen = new Map<string, Set<string>>();
  for (const { method, route } of names) seen.set(method, (seen.get(method) ?? new Set()).add(route));
  return [...seen].flatMap(([method, routes]) => [...routes].map((route) => ({ method, route })));
}

/** The bucket of what is beyond the cap does not count towards it. */
function isOther({ method, route }: RouteName): boolean {
  return route === OTHER_ENDPOINT && (method === OTHER_METHOD || isReserved(method));
}
