import type { Strategy } from "../../../loading/index.ts";
import type { Models } from "../repeats/models.ts";
import { checkSometimes, type AskAgain } from "./check-answers.ts";
import type { Trial } from "./options.ts";
import { triedRequest, type TriedRequest } from "./request-numbers.ts";
import { RunningTrial } from "./running-trial.ts";
import { relationsOf } from "./same-answer.ts";
import { tryCall, type TriedCall } from "./try-call.ts";

/** What a query extension of Prisma's gets; the last one only as long as Prisma tells it. */
interface ExtensionCall extends TriedCall {
  __internalParams?: { transaction?: { kind?: unknown } };
}

type Delegates = Record<string, Record<string, (args: object) => Promise<unknown>> | undefined>;

/** The part of a client that tries strategies: `client.$extends(extensionFor(…))`. `base` is the client without it. */
export function extensionFor(all: readonly RunningTrial[], base: unknown, models: Models | undefined): object {
  const query: Record<string, Record<string, (call: ExtensionCall) => unknown>> = {};
  for (const { trial } of all) {
    const of = (query[delegateOf(trial.model)] ??= {});
    of[trial.method] ??= ownCall(
      all.filter((each) => each.trial.op === trial.op),
      base as Delegates,
      models,
    );
  }
  return { name: "tailfill", query };
}

function ownCall(all: readonly RunningTrial[], base: Delegates, models: Models | undefined) {
  return (call: ExtensionCall): unknown => {
    const request = isOpenToTrial(call, all[0]!.trial, models) ? triedRequest(Math.random) : undefined;
    const running = request === undefined ? undefined : all.find(({ trial }) => isIn(trial, request));
    if (request === undefined || running === undefined) return call.query(call.args);
    return tried(running, request, call, askAgainOf(running.trial, call, base));
  };
}

async function tried(
  running: RunningTrial,
  request: TriedRequest,
  call: ExtensionCall,
  ask: AskAgain | undefined,
): Promise<unknown> {
  const answer = await tryCall(running, request, call, running.assign(request.number));
  checkSometimes(running, call.args, ask, Math.random());
  return answer;
}

/** Only what loads relations, and does not say how. A list of queries runs as one: none has a duration of its own. */
function isOpenToTrial(
  { args, __internalParams: internal }: ExtensionCall,
  { model }: Trial,
  models?: Models,
): boolean {
  const { relationLoadStrategy } = (args ?? {}) as { relationLoadStrategy?: unknown };
  if (relationLoadStrategy !== undefined || internal?.transaction?.kind === "batch") return false;
  for (const [name] of relationsOf(args)) if (models?.isRelation(model, name)) return true;
  return false;
}

function isIn({ endpoint }: Trial, { work }: TriedRequest): boolean {
  if (endpoint === undefined) return true;
  try {
    return work.endpointNow() === endpoint;
  } catch {
    return false;
  }
}

/** Not in a transaction: what it sees, nobody else sees, and it may be over by then. */
function askAgainOf(trial: Trial, call: ExtensionCall, base: Delegates): AskAgain | undefined {
  if (call.__internalParams?.transaction !== undefined) return undefined;
  const delegate = base[delegateOf(trial.model)];
  return async (relationLoadStrategy: Strategy) => delegate?.[trial.method]?.({ ...call.args, relationLoadStrategy });
}

const delegateOf = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
