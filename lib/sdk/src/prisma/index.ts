import { settingsOf, type CountDefaults } from "../counts/count.ts";
import { readLimits, type LimitOptions } from "../database/limits.ts";
import { markTapped } from "../database/tapped.ts";
import { withTailfill, type WithTailfill } from "./counts/with-tailfill.ts";
import { knowModels } from "../repeats/process-repeats.ts";
import type { TrialOptions } from "../trials/options.ts";
import { withTrials } from "../trials/process-trials.ts";
import type { AdapterFactory } from "./driver-adapter.ts";
import { followClient } from "./follow-client.ts";
import { createOps, type CommentPlugin } from "./op.ts";
import { tapFactory } from "./tap.ts";

export { about } from "../counts/about.ts";
export type { Count, CountDefaults, CountKind, CountOptions, CountReason } from "../counts/count.ts";
export { onCounts, type CountsListener, type ToldCount } from "../counts/listeners.ts";
export type { CountedStatement, Statements } from "../database/counts.ts";
export { expectStatements, TooManyStatementsError } from "../database/expect.ts";
export type { CancelOptions, LimitOptions } from "../database/limits.ts";
export { statementId } from "../database/statement-id.ts";
export { onStatements, statementsOf, type EndedRequest, type StatementsListener } from "../database/listeners.ts";
export { tailfillOf, type TailfillOfClient } from "./counts/client.ts";
export { approximateCounts } from "./counts/extension.ts";
export type { InTransaction, WithTailfill } from "./counts/with-tailfill.ts";
export { repeatedStatements, type RepeatedOptions, type RepeatedStatement } from "../repeats/process-repeats.ts";
export type { TrialOptions } from "../trials/options.ts";
export { loadingTrials, type LoadingTrial } from "../trials/process-trials.ts";
export type { AdapterFactory } from "./driver-adapter.ts";

/** What a Prisma client is made with. Pass both on; comment plugins of your own go beside ours. */
export interface PrismaOptions<Factory> {
  adapter: Factory;
  comments: CommentPlugin[];
}

export interface TailfillPrismaOptions<Factory extends AdapterFactory> extends LimitOptions {
  /** A driver adapter, as `new PrismaPg({ connectionString })`. */
  adapter: Factory;
  /** Whether statements say in a leading comment where they come from. Default true. */
  comment?: boolean;
  /** What approximate counts go by unless they say otherwise; `false` counts everything exactly, within the budget. */
  approximate?: CountDefaults | boolean;
  /** Calls whose relations are loaded by `join` in half of the requests and by `query` in the others, to see which is faster. */
  trials?: TrialOptions[];
}

/** The generated class. */
export interface ByClass<Factory, Client> {
  client: new (options: PrismaOptions<Factory>) => Client;
}

/** A function that makes the client with more options: `(options) => new PrismaClient({ ...options, log: ["warn"] })`. */
export interface ByFunction<Factory, Client> {
  client: (options: PrismaOptions<Factory>) => Client;
}

/**
 * A Prisma client whose statements are counted by request, and say where they come from; once for the whole codebase:
 * `export const prisma = tailfillPrisma({ adapter: new PrismaPg(…), client: PrismaClient })`. It is Prisma's own client,
 * to be extended by `$extends` as any other, and `$tailfill` beside: approximate counts.
 *
 * @throws TypeError or RangeError for a number in `approximate` that is none to count by
 */
// Two signatures in this order, and no union: only so does TypeScript know a function's argument, and give the class its
// default type arguments, without which `$extends` has no types.
export function tailfillPrisma<Factory extends AdapterFactory, Client extends object>(
  options: TailfillPrismaOptions<Factory> & ByFunction<Factory, Client>,
): WithTailfill<Client>;
export function tailfillPrisma<Factory extends AdapterFactory, Client extends object>(
  options: TailfillPrismaOptions<Factory> & ByClass<Factory, Client>,
): WithTailfill<Client>;
export function tailfillPrisma<Factory extends AdapterFactory, Client extends object>(
  options: TailfillPrismaOptions<Factory> & (ByClass<Factory, Client> | ByFunction<Factory, Client>),
): WithTailfill<Client> {
  const { adapter, client, comment = true, approximate = true, trials } = options;
  settingsOf(approximate);
  markTapped();
  const ops = comment ? createOps() : undefined;
  const tapped = tapFactory(adapter, { ops, limits: readLimits(options), defaults: approximate });
  const made = { adapter: tapped, comments: ops === undefined ? [] : [ops.plugin] };
  const own = isClass(client) ? new client(made) : client(made);
  knowModels(own);
  return withTailfill(followClient(withTrials(own, trials), own));
}

/** An arrow function has no prototype; any other is made with `new`, which leaves alone what it returns. */
function isClass<Options, Client>(
  maker: (new (options: Options) => Client) | ((options: Options) => Client),
): maker is new (options: Options) => Client {
  return maker.prototype !== undefined;
}
