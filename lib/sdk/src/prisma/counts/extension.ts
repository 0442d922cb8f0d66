import { settingsOf, type CountDefaults } from "../../counts/count.ts";
import { asksPostgres } from "./client.ts";
import { wantedBy, wanting } from "./wanted.ts";

/** What Prisma gives to an extension of `count`. */
interface CountCall {
  // oxlint-disable-next-line typescript/no-explicit-any -- each model has arguments of its own
  args: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  query: (args: any) => Promise<any>;
}

/** `Symbol.for`, for the two copies of this package. */
const OPTIONS = Symbol.for("@tailfill/sdk approximate counts 1");

/**
 * An extension of Prisma's whose `count` answers approximate numbers, for an admin's lists and pagination only:
 * `const admin = prisma.$extends(approximateCounts())`. The number is exact below the threshold, an estimate above, and where
 * estimates are not to be trusted the least number that is known; never a zero that was not counted. On clients
 * that `tailfillPrisma` did not make, and on other databases than PostgreSQL, it does nothing.
 *
 * @throws TypeError or RangeError for an option that is none
 */
export function approximateCounts(options: CountDefaults = {}) {
  settingsOf({}, options);
  return { ...extensionOf(({ args, query }) => query(args)), [OPTIONS]: options };
}

function extensionOf(count: (call: CountCall) => Promise<number>) {
  return { name: "tailfill approximate counts", query: { $allModels: { count } } };
}

/** The extension as it works on a client that knows the mark; any other extension as it is. */
export function workingOn(client: object, extension: unknown): unknown {
  const options = (extension as { [OPTIONS]?: CountDefaults } | undefined)?.[OPTIONS];
  if (options === undefined || !asksPostgres(client)) return extension;
  return extensionOf((call) => (isPlain(call.args) ? count(call, options) : call.query(call.args)));
}

async function count({ args, query }: CountCall, options: CountDefaults): Promise<number> {
  const { answer } = await wanting({ options, asNumber: true }, (skip) => query({ ...args, skip }) as Promise<number>);
  return answer;
}

/** A count of all rows that match. Any other, and one that `$tailfill.count` wants, is left alone. */
function isPlain(args: Record<string, unknown> | undefined): boolean {
  const others = Object.entries(args ?? {}).filter(([name, value]) => name !== "where" && value !== undefined);
  return others.length === 0 && wantedBy(args?.["skip"]) === undefined;
}
