import { RESERVED_METHODS } from "../wire/names.ts";
import { Prisma } from "./generated/client.ts";
import type { Reader } from "./snapshot.ts";
import { OTHER_USERS_KEY } from "./user-key.ts";

/** An endpoint by its names. `total` stands for all endpoints of its service and environment together. */
export interface CatalogEndpoint {
  id: number;
  serviceId: number;
  service: string;
  environment: string;
  method: string;
  route: string;
  total: boolean;
}

export interface CatalogFilter {
  service?: string | undefined;
  environment?: string | undefined;
  id?: number | undefined;
}

const isRequests = Prisma.sql`e.method <> ALL(${[...RESERVED_METHODS]}::text[])`;

/**
 * The endpoints of a service and an environment (all without), the `total` rows among them, in the order of their ids.
 * What is no request (reserved methods) is not an endpoint.
 */
export async function findEndpoints(db: Reader, filter: CatalogFilter): Promise<CatalogEndpoint[]> {
  const wanted = [
    ...(filter.service === undefined ? [] : [Prisma.sql`s.name = ${filter.service}`]),
    ...(filter.environment === undefined ? [] : [Prisma.sql`e.environment = ${filter.environment}`]),
    ...(filter.id === undefined ? [] : [Prisma.sql`e.id = ${filter.id}`]),
    isRequests,
  ];
  return db.$queryRaw<CatalogEndpoint[]>`
    SELECT e.id, e.service_id AS "serviceId", s.name AS service, e.environment, e.method, e.route, e.total
    FROM endpoint e JOIN service s ON s.id = e.service_id
    WHERE ${Prisma.join(wanted, " AND ")} ORDER BY e.id`;
}

/** Whether any endpoint is known at all, of whatever service. */
export async function knowsAnyEndpoint(db: Reader): Promise<boolean> {
  const [row] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM endpoint e WHERE NOT e.total AND ${isRequests}) AS known`;
  return row?.known ?? false;
}

/** The service of a name, as far as the user tables need it. */
export async function findServices(db: Reader, name?: string): Promise<{ id: number; name: string }[]> {
  return db.$queryRaw<{ id: number; name: string }[]>`
    SELECT id, name FROM service WHERE ${name ?? null}::text IS NULL OR name = ${name ?? null} ORDER BY name`;
}

/** The labels of user keys of a service. A key without a label is missing from the answer. */
export async function labelsOf(db: Reader, serviceId: number, keys: readonly bigint[]): Promise<Map<bigint, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db.$queryRaw<{ key: bigint; label: string }[]>`
    SELECT user_key AS key, label FROM user_label
    WHERE service_id = ${serviceId} AND user_key = ANY(${[...keys]}::bigint[])`;
  return new Map(rows.map(({ key, label }) => [BigInt(key), label]));
}

/** Whether any of some users was ever seen. `(other users)` always was. */
export async function isKnownUser(db: Reader, users: readonly { serviceId: number; key: bigint }[]): Promise<boolean> {
  if (users.some(({ key }) => key === OTHER_USERS_KEY)) return true;
  const [row] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM user_label WHERE (service_id, user_key) IN (
      SELECT * FROM unnest(${users.map((u) => u.serviceId)}::int[], ${users.map((u) => u.key)}::bigint[]))) AS known`;
  return row?.known ?? false;
}

/** Users whose label begins with a text, in the order of labels. */
export async function usersBeginning(
  db: Reader,
  question: { service?: string | undefined; beginning: string; limit: number },
): Promise<{ user: string; service: string }[]> {
  const { service = null, beginning, limit } = question;
  return db.$queryRaw<{ user: string; service: string }[]>`
    SELECT u.label AS "user", s.name AS service FROM user_label u JOIN service s ON s.id = u.service_id
    WHERE starts_with(u.label, ${beginning}) AND (${service}::text IS NULL OR s.name = ${service})
    ORDER BY u.label, s.name LIMIT ${limit}::int`;
}

/** A time range, Unix milliseconds, of all or one service and environment. */
export interface ScopedRange {
  fromMs: number;
  toMs: number;
  service?: string | undefined;
  environment?: string | undefined;
}

const within = (question: ScopedRange, column: Prisma.Sql) => Prisma.sql`
  ${column} >= ${new Date(question.fromMs)} AND ${column} < ${new Date(question.toMs)}
  AND (${question.service ?? null}::text IS NULL OR s.name = ${question.service ?? null})
  AND (${question.environment ?? null}::text IS NULL OR x.environment = ${question.environment ?? null})`;

export interface ScopedLoss {
  service: string;
  environment: string;
  reason: string;
  count: number;
}

/** Losses by service, environment and reason. */
export async function lossesIn(db: Reader, question: ScopedRange): Promise<ScopedLoss[]> {
  return db.$queryRaw<ScopedLoss[]>`
    SELECT s.name AS service, x.environment, x.reason, sum(x.count)::float8 AS count
    FROM loss x JOIN service s ON s.id = x.service_id
    WHERE ${within(question, Prisma.sql`x.start`)}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3`;
}

/** Requests to ingest that were refused whole, by error code. */
export async function refusalsIn(db: Reader, range: ScopedRange): Promise<{ code: string; count: number }[]> {
  return db.$queryRaw<{ code: string; count: number }[]>`
    SELECT code, sum(count)::float8 AS count FROM refusal
    WHERE start >= ${new Date(range.fromMs)} AND start < ${new Date(range.toMs)} GROUP BY code ORDER BY 2 DESC, 1`;
}

/** When releases were first seen, within a range. */
export async function releasesIn(db: Reader, question: ScopedRange): Promise<{ atMs: number; release: string }[]> {
  return db.$queryRaw<{ atMs: number; release: string }[]>`
    SELECT (extract(epoch FROM min(x.first_at)) * 1000)::float8 AS "atMs", x.release
    FROM release x JOIN service s ON s.id = x.service_id
    WHERE ${within(question, Prisma.sql`x.first_at`)} GROUP BY x.release ORDER BY 1, 2`;
}
