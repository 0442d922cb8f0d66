import { costOfRepeat, isProblem, judgeRepeat, mergeRepeats, noRepeats, shapeOf } from "../../../loading/index.ts";
import type { Confidence, RepeatCost, RepeatKind, RepeatSums } from "../../../loading/index.ts";
import type { Client } from "../client-type.ts";
import { insideOf, wallMsOf } from "../client-inside.ts";
import { workUnderWay, type Work } from "../context.ts";
import { CallSites } from "./call-sites.ts";
import { fixOf } from "./fix.ts";
import { Models } from "./models.ts";
import { RepeatBook, type Followed } from "./repeat-book.ts";
import { repeatReport } from "./repeat-report.ts";

/** A statement that requests of an endpoint run again and again. */
export interface RepeatedStatement extends RepeatCost {
  /** Method and route, or `JOB` and its name. */
  endpoint: string;
  kind: RepeatKind;
  confidence: Confidence;
  /** The statement without its values. */
  statement: string;
  /** Prisma's model and action, as `User.findUnique`. */
  op: string | undefined;
  /** The statement, and op, that gave the rows for each of which it runs. */
  parent: string | undefined;
  parentOp: string | undefined;
  /** Statements for each row of the parent, and the share of their number that its rows explain. */
  slope: number | null;
  explained: number | null;
  /** Where in the app it stands, as `src/posts.ts:12`. */
  site: string | undefined;
  /** What to write instead. */
  fix: string | undefined;
}

interface Shared {
  books: Map<Client, RepeatBook>;
  sites: CallSites;
  models: Models | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package write into the same books. */
const SHARED = Symbol.for("@tailfill/sdk repeats 1");
const holder = globalThis as typeof globalThis & { [SHARED]?: Shared };
const shared: Shared = (holder[SHARED] ??= { books: new Map(), sites: new CallSites(), models: undefined });

/** A process has a few clients. */
const MOST_CLIENTS = 20;

export const callSites = (): CallSites => shared.sites;

/** A Prisma client was made: its schema has the names of relations. The last one counts. */
export function knowModels(client: unknown): void {
  shared.models = Models.of(client) ?? shared.models;
}

export const models = (): Models | undefined => shared.models;

/** The app calls `what` now, by the function `from` of ours. */
export function noteCall(what: string, from: (...args: never[]) => unknown): void {
  const work = workUnderWay();
  if (work?.open === true && !work.holdsRequests) shared.sites.note(work, what, from);
}

/** A request, or a job, is over. Never throws. */
export function addRepeats(work: Work, about: { method: string; route: string; latencyUs: number }): void {
  const { client, repeats } = work;
  if (client === undefined || repeats === undefined) return;
  try {
    bookOf(client)?.add(`${about.method} ${about.route}`, repeats, about.latencyUs, wallMsOf(client));
  } catch (error) {
    client.report(error);
  }
}

export function bookOf(client: Client): RepeatBook | undefined {
  const known = shared.books.get(client);
  if (known !== undefined || shared.books.size >= MOST_CLIENTS) return known;
  const book = new RepeatBook(() => shared.models);
  shared.books.set(client, book);
  insideOf(client)?.insight.addSource(() =>
    book.takeChanged().map((told) => ["repeats", repeatReport(told, siteOf(told.followed), shared.models)] as const),
  );
  return book;
}

export interface RepeatedOptions {
  /** Also what needs no change (fixed loops, batches) and what is not clear yet. Default false. */
  all?: boolean;
  /** Default: all clients of this process. */
  client?: Client;
}

/**
 * The statements that requests of this process ran again and again, so far: those that cost most first. From some ten requests on,
 * of different sizes, it is known what they run for, and then `fix` says what to write instead.
 */
export function repeatedStatements({ all = false, client }: RepeatedOptions = {}): RepeatedStatement[] {
  const books = client === undefined ? [...shared.books.values()] : [shared.books.get(client)];
  return books
    .flatMap((book) => book?.all ?? [])
    .map((followed) => tell(followed, totalOf(followed)))
    .filter(({ kind }) => all || isProblem(kind))
    .toSorted((a, b) => (b.savedP95Us ?? 0) * b.affected - (a.savedP95Us ?? 0) * a.affected);
}

export function totalOf({ earlier, hour }: Followed): RepeatSums {
  const total = noRepeats();
  mergeRepeats(total, earlier);
  mergeRepeats(total, hour);
  return total;
}

export function tell(followed: Followed, sums: RepeatSums): RepeatedStatement {
  const { endpoint, fingerprint, text, op } = followed;
  const { kind, confidence, parent, slope, explained } = judgeRepeat(shapeOf(text), sums);
  const parentOp = parent?.op;
  return {
    endpoint,
    kind,
    confidence,
    statement: fingerprint,
    op,
    parent: parent?.fingerprint,
    parentOp,
    slope,
    explained,
    site: siteOf(followed),
    fix: fixOf({ kind, text, fingerprint, op, parentOp, models: shared.models }),
    ...costOfRepeat(sums),
  };
}

/** By the op for Prisma, by the statement for pg. Before a router has matched, the endpoint is not known. */
function siteOf({ endpoint, op, fingerprint }: Followed): string | undefined {
  const what = op ?? fingerprint;
  return callSites().of(endpoint, what) ?? callSites().of("", what);
}
