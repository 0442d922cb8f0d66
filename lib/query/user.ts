import { type CatalogEndpoint, findServices, isKnownUser, type ScopedLoss } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { firstWindow } from "../store/first-window.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../store/tiers.ts";
import { userKey } from "../store/user-key.ts";
import type { CopiedUserRow as StoredRow } from "../store/window-copy.ts";
import { cleanName } from "../wire/names.ts";
import type { UserAnswer } from "./answers.ts";
import { axisOf } from "./axis.ts";
import { type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import { scopedLosses, Stopwatch } from "./frame.ts";
import { MOST_POINTS, type Segment, segmentsOf, stepOf, type Steps, stepsOf } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { type Matched, matchedBy, type Reading, readingOf } from "./reading.ts";
import { nothingIn, tallySteps, tooManyPoints } from "./series.ts";
import { sumByReason } from "./sum-by-reason.ts";
import { latencySeriesOf, latencySummary } from "./summary.ts";
import { tailOf, userNumbers } from "./tail-users.ts";
import { StepTallies, Tally } from "./tally.ts";
import { eachOfUser, fetchUserRows } from "./user-windows.ts";

type Question = QuestionOf<"user"> & { user: string };

/** Beyond this a user's series is made of days, which are cheap to read over all endpoints of a service. */
const BY_THE_DAY_ABOVE = 8 * 86_400;

/**
 * One user: the endpoints used, latency over time, and everybody else's on the same endpoints. A user nobody has seen
 * is a user without requests, not an error: any text may be asked for.
 * @throws TailfillError `bad_request` for a bad range or step.
 */
export async function user(db: Db, question: Question, nowMs: number): Promise<UserAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs, USER_TIERS);
  const steps = userSteps(reading, question.step);
  const read = await snapshot(db, (connection) => fetchUser(connection, question, { reading, steps }));
  const { percentiles, service = "", environment = "" } = question;
  const merged = await mergeUser(read.used, { steps, tail: question.tail });
  const own = merged.own.whole;
  const others = merged.others.whole;
  const nothing = read.matched.nothing ?? (read.isKnown ? nothingIn(reading, [own]) : "unknown_user");
  const losses = sumByReason(lossesFor(read.losses, question, merged.endpoints));
  return {
    ...watch.frame(reading.range, { ...read, losses, nothing, nowSeconds: reading.nowSeconds }),
    user: question.user,
    service,
    environment,
    totals: latencySummary(own, percentiles),
    series: latencySeriesOf(merged.own, percentiles),
    everybodyElse: latencySeriesOf(merged.others, percentiles),
    axis: axisOf(own.counts),
    everybodyElseAxis: axisOf(others.counts),
    endpoints: merged.endpoints.sort((a, b) => b.tailCount - a.tailCount || b.count - a.count),
  };
}

function userSteps({ range, nowSeconds, expired }: Reading, wished?: number): Steps {
  const long = range.toSeconds - range.fromSeconds > BY_THE_DAY_ABOVE;
  const step = stepOf(range, USER_TIERS, { nowSeconds, stepSeconds: wished ?? (long ? 86_400 : undefined) });
  const steps = stepsOf(range, step);
  if (steps.count > MOST_POINTS) throw tooManyPoints(range);
  return expired ? { ...steps, count: 0 } : steps;
}

/** An endpoint that the user used, with the rows of both. */
interface UsedEndpoint {
  endpoint: CatalogEndpoint;
  key: bigint;
  userRows: StoredRow[];
  rows: FetchedRow[];
}

async function fetchUser(
  connection: Snapshot,
  question: Question,
  { reading, steps }: { reading: Reading; steps: Steps },
) {
  const matched = await matchedBy(connection, question);
  const services = await findServices(connection, question.service);
  const facts = {
    matched,
    losses: await scopedLosses(connection, question, reading.range),
    firstSeconds: await firstWindow(connection, question),
    isKnown: await isKnownUser(connection, keysOf(services, question.user)),
  };
  if (reading.expired) return { ...facts, used: [] };
  const segments = segmentsOf(reading.range, USER_TIERS, steps.stepSeconds);
  const used: UsedEndpoint[] = [];
  for (const { name } of services)
    used.push(...(await fetchUsed(connection, { matched, service: name, user: question.user, segments })));
  const ids = used.map(({ endpoint }) => endpoint.id);
  const all = await fetchEndpointRows(connection, ids, segmentsOf(reading.range, ENDPOINT_TIERS, steps.stepSeconds));
  for (const each of used) each.rows = all.get(each.endpoint.id) ?? [];
  return { ...facts, used };
}

/** The keys that a user would have, service by service. */
function keysOf(services: readonly { id: number; name: string }[], user: string): { serviceId: number; key: bigint }[] {
  return services.map(({ id, name }) => ({ serviceId: id, key: userKey(name, cleanName(user)) }));
}

/**
 * The losses that a user's page tells: of the service and environment asked for, and where one of them was not named, of
 * those that the user was in.
 */
function lossesFor(
  losses: readonly ScopedLoss[],
  asked: Question,
  used: readonly { service: string; environment: string }[],
): ScopedLoss[] {
  return losses.filter(({ service, environment }) =>
    used.length === 0
      ? asked.service !== undefined
      : used.some((one) => one.service === service && (asked.environment ?? one.environment) === environment),
  );
}

interface UsedQuestion {
  matched: Matched;
  service: string;
  user: string;
  segments: readonly Segment[];
}

async function fetchUsed(connection: Snapshot, question: UsedQuestion): Promise<UsedEndpoint[]> {
  const { matched, service, segments } = question;
  const key = userKey(service, cleanName(question.user));
  const endpoints = matched.endpoints.filter((endpoint) => endpoint.service === service);
  const ids = endpoints.map(({ id }) => id);
  const rows = await fetchUserRows(connection, ids, { segments, key });
  return endpoints
    .map((endpoint) => {
      const userRows = rows.filter(({ endpointId }) => endpointId === endpoint.id);
      return { endpoint, key, userRows, rows: [] };
    })
    .filter(({ userRows }) => userRows.length > 0);
}

interface MergedUser {
  own: StepTallies;
  others: StepTallies;
  endpoints: UserAnswer["endpoints"];
}

async function mergeUser(
  used: readonly UsedEndpoint[],
  { steps, tail }: { steps: Steps; tail: number },
): Promise<MergedUser> {
  const merged: MergedUser = { own: new StepTallies(steps), others: new StepTallies(steps), endpoints: [] };
  for (const one of used) {
    const own = userStepsOf(one, steps);
    const total = own.whole;
    if (total.count === 0) continue; // The row may hold only neighbours of the key.
    const all = await tallySteps([one.rows], steps);
    merged.endpoints.push(endpointRowOf(one.endpoint, total, { all: all.whole, tail }));
    merged.own.addAll(own);
    all.subtract(own);
    merged.others.addAll(all);
  }
  return merged;
}

function userStepsOf({ userRows, key }: UsedEndpoint, steps: Steps): StepTallies {
  const tallies = new StepTallies(steps);
  for (const row of userRows) {
    eachOfUser([row], key, (payload) => tallies.addUnknown(row.startMs / 1_000, payload));
  }
  return tallies;
}

function endpointRowOf(
  { id, service, method, route, environment }: CatalogEndpoint,
  own: Tally,
  { all, tail }: { all: Tally; tail: number },
): UserAnswer["endpoints"][number] {
  const endpointP99Us = all.percentile(99);
  const numbers = userNumbers(own, tailOf(all, tail));
  return { ...numbers, endpointId: id, service, method, route, environment, endpointP99Us };
}
