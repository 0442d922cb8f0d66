import type { DatabaseFacts } from "../../store/database-facts.ts";
import { fail, type Finding, ok, orOk, timeText, warn } from "./finding.ts";

const LEAST_VERSION = 140_000;
const SLACK_MS = 2_000;
const FAR_OFF_MS = 60_000;
/** Windows end up to 10 s after their last request, and clocks differ a little. */
const AHEAD_SECONDS = 30;
const MANY_CONNECTIONS = 0.8;
const TOO_MANY_CONNECTIONS = 0.95;
const LATE_TRANSACTION_AGE = 1.2e9;

/** What a database that answers says of itself. */
export function judgeDatabase(facts: DatabaseFacts): Finding[] {
  return [
    judgeVersion(facts),
    judgeClock(facts),
    ...judgeSenders(facts),
    ...judgeMigrations(facts.migrations),
    ...judgeRole(facts.role),
    ...judgeSafety(facts),
    ...(facts.migrations.missing.length > 0 ? [] : [judgePartitions(facts.partitions)]),
    ...judgeUpkeep(facts),
    judgeConnections(facts.connections),
  ];
}

function judgeVersion({ versionNumber, version, isStandby }: DatabaseFacts): Finding {
  if (versionNumber < LEAST_VERSION)
    return fail("database", `PostgreSQL ${version} is too old.`, "Upgrade it to PostgreSQL 14 or newer.");
  if (isStandby)
    return fail(
      "database",
      `PostgreSQL ${version} is a standby: it takes in nothing.`,
      "Let DATABASE_URL lead to the primary.",
    );
  return ok("database", `PostgreSQL ${version} answers.`);
}

function judgeClock({ clockAheadMs, clockWithinMs }: DatabaseFacts): Finding {
  const off = Math.max(0, Math.abs(clockAheadMs) - clockWithinMs);
  if (off <= SLACK_MS) return ok("clock", "This machine's clock and the database's agree.");
  const says = `The database's clock is ${timeText(Math.abs(clockAheadMs) / 1_000)} ${clockAheadMs > 0 ? "ahead of" : "behind"} this machine's.`;
  const next = "Set both by NTP.";
  return off > FAR_OFF_MS ? fail("clock", says, next) : warn("clock", says, next);
}

function judgeSenders({ ahead, refusedForTime }: DatabaseFacts): Finding[] {
  const found = ahead
    .filter(({ seconds }) => seconds > AHEAD_SECONDS)
    .map(({ service, environment, seconds }) =>
      warn(
        "clocks of senders",
        `Windows of ${service} (${environment}) end ${timeText(seconds)} from now.`,
        "Set the clocks of its machines, or this one's, by NTP.",
      ),
    );
  if (refusedForTime > 0)
    found.push(
      warn(
        "clocks of senders",
        `${refusedForTime} batches of the last hour were refused for their time.`,
        "Set the clocks of the machines that send by NTP.",
      ),
    );
  return orOk(found, "clocks of senders", "No window lies ahead, and none was refused in the last hour.");
}

function judgeMigrations({ missing, unknown, unfinished }: DatabaseFacts["migrations"]): Finding[] {
  const found: Finding[] = [];
  if (unknown.length > 0)
    found.push(
      fail("migrations", `This tailfill does not know ${unknown.join(", ")}.`, "Run the newer tailfill that made it."),
    );
  if (unfinished.length > 0)
    found.push(
      fail(
        "migrations",
        `${unfinished.join(", ")} was begun and not finished.`,
        "Start tailfill: it tries again and says what is wrong.",
      ),
    );
  const rest = missing.filter((name) => !unfinished.includes(name));
  if (rest.length > 0)
    found.push(warn("migrations", `${rest.length} are still to be applied.`, "Start tailfill: it applies them."));
  return orOk(found, "migrations", "All are applied.");
}

function judgeRole({
  name,
  isSuperuser,
  mayCreate,
  ownsTables,
  ownsDatabaseOrQueue,
}: DatabaseFacts["role"]): Finding[] {
  const found: Finding[] = [];
  if (!mayCreate)
    found.push(fail("role", `${name} may not create tables.`, `GRANT CREATE, USAGE ON SCHEMA public TO "${name}"`));
  if (!ownsTables)
    found.push(
      fail(
        "role",
        `${name} does not own tailfill's tables.`,
        `Use the role that does, or: REASSIGN OWNED BY … TO "${name}"`,
      ),
    );
  if (!ownsDatabaseOrQueue)
    found.push(
      fail("role", `${name} may not create the schema of the job queue.`, `GRANT CREATE ON DATABASE … TO "${name}"`),
    );
  return orOk(found, "role", `${name} has what it needs${isSuperuser ? ", and more: it is a superuser" : ""}.`);
}

function judgeSafety({ unsafe, isAutovacuumOn }: DatabaseFacts): Finding[] {
  const found = unsafe.map((name) =>
    warn(
      "database settings",
      `${name} is off: what was acknowledged may be lost with the power.`,
      `Switch ${name} on.`,
    ),
  );
  if (!isAutovacuumOn)
    found.push(warn("database settings", "autovacuum is off: tables grow without need.", "Switch autovacuum on."));
  return orOk(found, "database settings", "What is acknowledged is on the disk.");
}

function judgePartitions({ missingNow, missingAhead }: DatabaseFacts["partitions"]): Finding {
  if (missingNow.length > 0)
    return fail("partitions", `${missingNow.join(", ")} are missing.`, "Start tailfill: it makes them.");
  if (missingAhead.length > 0)
    return warn(
      "partitions",
      `${missingAhead.length} of the next days are missing.`,
      "Start tailfill, or look at its job `partitions`.",
    );
  return ok("partitions", "Those of today and of the next days are there.");
}

function judgeUpkeep({ invalidIndexes, dead, longTransactions, transactionAge }: DatabaseFacts): Finding[] {
  const found: Finding[] = [
    ...invalidIndexes.map((name) => fail("indexes", `${name} cannot be used.`, `REINDEX INDEX ${name}`)),
    ...longTransactions.map(({ pid, application, seconds }) =>
      warn(
        "long transactions",
        `Process ${pid} (${application || "no name"}) has one open for ${timeText(seconds)}: dead rows stay meanwhile.`,
        `End it there, or: SELECT pg_terminate_backend(${pid})`,
      ),
    ),
    ...dead.map(({ table, dead: rows, live }) =>
      warn(
        "dead rows",
        `${table} has ${rows} dead rows beside ${live}.`,
        `VACUUM "${table}", and look for long transactions.`,
      ),
    ),
  ];
  if (transactionAge > LATE_TRANSACTION_AGE)
    found.push(
      warn("vacuum", "Old rows were not frozen for long.", "VACUUM (FREEZE), and see why autovacuum does not."),
    );
  return orOk(found, "upkeep", "No invalid index, no long transaction, few dead rows.");
}

function judgeConnections({ used, most }: DatabaseFacts["connections"]): Finding {
  const says = `${used} of ${most} are used.`;
  const next = "Raise max_connections, or close what is not needed: a tailfill takes about 30.";
  if (used > most * TOO_MANY_CONNECTIONS) return fail("connections", says, next);
  return used > most * MANY_CONNECTIONS ? warn("connections", says, next) : ok("connections", says);
}
