import { JOB_METHOD, UNMATCHED, type Outcome } from "../../wire/index.ts";
import type { Client, UserId } from "./client-type.ts";
import { createTailfill } from "./client.ts";
import { newWork, within, workUnderWay, type Work } from "./context.ts";
import { tellStatements } from "./database/listeners.ts";
import { registry, warnOnce } from "./registry.ts";

export interface WrapOptions<Args extends unknown[]> {
  /** What it is counted as, with the method `JOB`: a name of the kind of work, never with an id in it. */
  endpoint: string;
  /** Whom the work is for, by the arguments of the call. */
  user?: (...args: Args) => UserId;
  /** Default: the first client of this process that runs, else one by the environment. */
  client?: Client;
}

/**
 * Counts the calls of a function that serves no request: a queue's processor, a scheduled task. It is an endpoint of the
 * method `JOB`; a call that throws or rejects is a `server_error`. What it returns and throws is passed on:
 * `new Worker("mail", wrap(sendMail, { endpoint: "send mail", user: (job) => job.data.userId }))`.
 */
export function wrap<This, Args extends unknown[], Result>(
  run: (this: This, ...args: Args) => Result,
  options: WrapOptions<Args>,
): (this: This, ...args: Args) => Result {
  const route = routeOf(options.endpoint);
  const wrapped = function (this: This, ...args: Args): Result {
    const client = options.client ?? runningClient();
    if (!client.enabled) return run.apply(this, args);
    const call = new Call(client, route, () => options.user?.(...args));
    return call.follow(() => run.apply(this, args));
  };
  // Libraries look at these: BullMQ gives a third argument to who takes three.
  for (const name of ["name", "length"] as const) Object.defineProperty(wrapped, name, { value: run[name] });
  return wrapped;
}

function routeOf(endpoint: unknown): string {
  if (typeof endpoint === "string" && endpoint !== "") return endpoint;
  warnOnce("endpoint", `wrap() got no name as its \`endpoint\`; what it wraps is counted as ${UNMATCHED}`);
  return UNMATCHED;
}

function runningClient(): Client {
  return registry().clients.values().next().value ?? createTailfill();
}

/** One call on its way. */
class Call {
  readonly #client: Client;
  readonly #route: string;
  readonly #user: () => UserId;
  readonly #work: Work;
  readonly #startMs = performance.now();

  constructor(client: Client, route: string, user: () => UserId) {
    this.#client = client;
    this.#route = route;
    this.#user = user;
    this.#work = newWork({ client, around: workUnderWay(), endpointNow: () => `${JOB_METHOD} ${route}` });
  }

  follow<Result>(run: () => Result): Result {
    try {
      const result = within(this.#work, () => started(run()));
      if (isPromise(result)) return this.#whenSettled(result) as Result;
      this.#end("ok");
      return result;
    } catch (error) {
      this.#end("server_error");
      throw error;
    }
  }

  async #whenSettled<Value>(promise: PromiseLike<Value>): Promise<Value> {
    let outcome: Outcome = "server_error";
    try {
      const value = await promise;
      outcome = "ok";
      return value;
    } finally {
      this.#end(outcome);
    }
  }

  #end(outcome: Outcome): void {
    const latencyUs = Math.round((performance.now() - this.#startMs) * 1_000);
    this.#work.open = false;
    try {
      const route = this.#route;
      const user = this.#userOrNone();
      this.#client.record(JOB_METHOD, route, outcome, latencyUs, user);
      tellStatements(this.#work, { method: JOB_METHOD, route, outcome, latencyUs }, { user });
    } catch (error) {
      this.#client.report(error);
    }
  }

  #userOrNone(): UserId {
    try {
      return this.#user();
    } catch (error) {
      this.#client.report(error);
      return undefined;
    }
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** What begins only when it is waited for, as a query of Prisma's, begins within the work. */
function started<Result>(result: Result): Result {
  if (!isPromise(result) || result instanceof Promise) return result;
  return new Promise((resolve, reject) => void result.then(resolve, reject)) as Result;
}
