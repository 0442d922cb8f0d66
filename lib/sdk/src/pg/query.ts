import { kept, workUnderWay } from "../context.ts";
import { fingerprintOf } from "../database/known-fingerprints.ts";
import type { Limits } from "../database/limits.ts";
import { attributed, beginStatement, type Running } from "../database/statement.ts";
import { noteCall } from "../repeats/process-repeats.ts";
import { followSubmittable, type Submittable } from "./submittable.ts";

/** What pg gives for a statement, or for several in one text. */
type Answer = { rowCount?: number | null } | readonly { rowCount?: number | null }[] | undefined;
type Callback = (this: unknown, error: unknown, answer?: Answer) => unknown;

/** A statement as `client.query` takes it, in place of a text. */
interface Config {
  text?: unknown;
  name?: unknown;
  values?: unknown;
  callback?: unknown;
  submit?: unknown;
}

/** `query` of a client, called by ours with what the app gave. */
export type Ask = (...args: unknown[]) => unknown;

export interface AskOptions {
  /** Whether statements say where they come from. */
  comment: boolean;
  /** Whether they are counted: not here when what is above counts them. */
  counts: boolean;
  limits: Limits | undefined;
}

/**
 * Hands a statement on to the client, counted from now until it is answered. Text, config, callback and promise forms, and
 * what is a query by itself (cursors, streams, `COPY`). The client's answers and errors are passed on as they are.
 */
// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
export function askThrough(ask: Ask, args: unknown[], options: AskOptions, pid?: number | null): unknown {
  const statement = options.counts
    ? beginStatement(textOf(args[0]), "postgresql", undefined, valuesOf(args))
    : undefined;
  if (statement !== undefined && typeof pid === "number") statement.pid = pid;
  try {
    return isSubmittable(args[0])
      ? submit(ask, args[0], args.slice(1), statement)
      : askFor(ask, args, statement, options);
  } catch (error) {
    statement?.fail(error);
    throw error;
  }
}

// oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
function askFor(ask: Ask, args: unknown[], statement: Running | undefined, options: AskOptions): unknown {
  const given = [options.comment ? withComment(args[0]) : args[0], ...args.slice(1)];
  return withCallback(given, statement) ? ask(...given) : settled(ask(...given), statement);
}

// oxlint-disable-next-line max-params -- as above
function submit(ask: Ask, query: Submittable, rest: unknown[], statement: Running | undefined): unknown {
  if (statement !== undefined) followSubmittable(query, statement);
  return ask(query, ...rest.map((each) => (typeof each === "function" ? kept(each as Callback) : each)));
}

function textOf(query: unknown): string {
  const text = typeof query === "object" && query !== null ? (query as Config).text : query;
  return typeof text === "string" ? text : "";
}

/** The app asks the pool for a statement now, by the function `from` of ours. Never throws. */
export function noteQuery(query: unknown, from: (...args: never[]) => unknown): void {
  const work = workUnderWay();
  try {
    const text = work === undefined ? "" : textOf(query);
    if (text !== "") noteCall(fingerprintOf(text, "postgresql"), from);
  } catch (error) {
    work?.client?.report(error);
  }
}

function valuesOf([query, values]: unknown[]): readonly unknown[] | undefined {
  const given = Array.isArray(values) ? values : (query as Config | null | undefined)?.values;
  return Array.isArray(given) ? given : undefined;
}

/**
 * A statement with a name must keep its text: pg refuses another one under that name. Objects of a class are left alone as
 * well, since what they are made of is not known.
 */
function withComment(query: unknown): unknown {
  if (typeof query === "string") return attributed(query);
  const { text, name } = (query ?? {}) as Config;
  if (typeof text !== "string" || name || !isPlain(query)) return query;
  return { ...query, text: attributed(text) };
}

function isPlain(query: unknown): query is object {
  const prototype: unknown = typeof query === "object" && query !== null ? Object.getPrototypeOf(query) : undefined;
  return prototype === null || prototype === Object.prototype;
}

/** Puts ours in the place of the callback, if there is one: the last argument, or in the config. */
function withCallback(args: unknown[], statement: Running | undefined): boolean {
  const at = args.findIndex((each, index) => index > 0 && typeof each === "function");
  if (at > 0) {
    args[at] = answering(args[at] as Callback, statement);
    return true;
  }
  const [config] = args as [Config | undefined];
  if (typeof config !== "object" || typeof config?.callback !== "function") return false;
  // Of an object that may not be copied, nobody says when it is answered: it is counted without its time.
  if (isPlain(config)) args[0] = { ...config, callback: answering(config.callback as Callback, statement) };
  else statement?.end(0);
  return true;
}

function answering(callback: Callback, statement: Running | undefined): Callback {
  const own = kept(callback);
  return function (error, ...answer) {
    if (error) statement?.fail(error, rowsIn(answer[0]));
    else statement?.end(rowsIn(answer[0]));
    return own.call(this, error, ...answer);
  };
}

/** The promise itself where nothing is counted. One more would make a rejection that nobody handles look handled. */
function settled(promise: unknown, statement: Running | undefined): unknown {
  if (statement === undefined || !isPromise(promise)) return promise;
  return promise.then(
    (answer) => {
      statement.end(rowsIn(answer));
      return answer;
    },
    (error) => {
      statement.fail(error);
      throw error;
    },
  );
}

function rowsIn(answer: Answer): number {
  if (answer === undefined || answer === null) return 0;
  return "length" in answer ? answer.reduce((sum, each) => sum + rowsIn(each), 0) : (answer.rowCount ?? 0);
}

function isPromise(value: unknown): value is Promise<Answer> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function isSubmittable(query: unknown): query is Submittable {
  return typeof query === "object" && query !== null && typeof (query as Config).submit === "function";
}
