import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, readConfig, SETTING_NAMES, settingProblems } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { environmentOf, readCommand } from "./arguments.ts";
import { askChild, valueOf } from "./ask-child.ts";
import { built } from "./built.ts";
import { fail, type Finding, ok, warn } from "./doctor/finding.ts";
import { judgeDatabase } from "./doctor/judge-database.ts";
import { judgeJobs, judgeTelling } from "./doctor/judge-jobs.ts";
import { judgeMachine } from "./doctor/judge-machine.ts";
import { judgeReplica } from "./doctor/judge-replica.ts";
import { judgeProblems, judgeSettings } from "./doctor/judge-settings.ts";
import type { Looked } from "./doctor/look.ts";
import { type MachineFacts, machineFacts } from "./doctor/machine-facts.ts";
import { reachDatabase } from "./reach-database.ts";

/** Settings of the SDK, which may share an environment. */
const OF_SDK = ["TAILFILL_URL", "TAILFILL_SERVICE", "TAILFILL_ENVIRONMENT", "TAILFILL_QUEUE_URL"];

/**
 * Looks at everything that a tailfill needs, changes nothing, and prints a line for each thing.
 * @returns the exit code: 1 when something fails
 */
export async function doctor(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, command } = readCommand(argv);
  const findings = await examine(environmentOf(command, values), signal);
  const isWell = findings.every(({ state }) => state !== "fail");
  if (values.json) console.log(JSON.stringify({ version: VERSION, well: isWell, findings }, null, 2));
  else for (const finding of findings) console.log(lineOf(finding));
  return isWell ? 0 : 1;
}

/** `warn  disk: 1.5 GB of 20.0 GB are free for /data. → Free disk space: …` */
export function lineOf({ state, check, says, next }: Finding): string {
  return `${state.padEnd(4)}  ${check}: ${says}${next === undefined ? "" : ` → ${next}`}`;
}

async function examine(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Finding[]> {
  const version = ok("tailfill", VERSION);
  const problems = settingProblems(env);
  if (problems.length > 0) return [version, ...judgeProblems(problems)];
  const config = readConfig(env);
  const names = Object.keys(env).filter((name) => name.startsWith("TAILFILL_"));
  const machine = machineFacts(config);
  return [
    version,
    ...judgeSettings(config, names, new Set([...SETTING_NAMES, ...OF_SDK])),
    ...judgeMachine(machine),
    ...(await examineDatabase(config, machine, { env, signal })),
  ];
}

async function examineDatabase(
  config: Config,
  machine: MachineFacts,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<Finding[]> {
  const missing = missingIn(config, machine);
  if (missing !== null) return [missing];
  try {
    const { database, replica, jobs, telling } = await lookInChild(config, env, signal);
    return [
      ...judgeDatabase(database),
      ...(replica === null ? [] : [judgeReplica(replica)]),
      ...(jobs === null ? [] : judgeJobs(jobs)),
      ...(telling === null ? [] : judgeTelling(telling)),
    ];
  } catch (error) {
    if (!(error instanceof TailfillError)) throw error;
    const [says = "", ...rest] = error.message.split("\n");
    return [fail("database", [says, ...rest.map((line) => line.trim())].join(" "), nextOf(error))];
  }
}

/** Without its cluster or its password, the embedded database is not even tried: a start would make new ones. */
function missingIn({ databaseUrl, dataDir }: Config, { cluster }: MachineFacts): Finding | null {
  if (databaseUrl !== undefined) return null;
  if (cluster === null)
    return warn("database", `There is none in ${dataDir} yet.`, "Start tailfill, or name its folder with --data-dir.");
  if (existsSync(join(dataDir, "postgres-password"))) return null;
  return fail(
    "database",
    `${join(dataDir, "postgres-password")} is missing.`,
    "Bring it back from a copy, or restore a backup.",
  );
}

async function lookInChild(config: Config, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Looked> {
  const database = await reachDatabase(config);
  try {
    const plan = { name: "doctor", file: built("doctor"), nodeFlags: [] };
    const answer = await askChild<Looked>(
      { ...plan, env: { ...env, ...database.env, NODE_ENV: "production" } },
      signal,
    );
    if (signal.aborted) throw new TailfillError("interrupted", "Not everything was looked at.");
    return valueOf(answer, "looks");
  } finally {
    await database.stop();
  }
}

const nextOf = ({ code, next }: TailfillError): string =>
  code === "database_unavailable" ? "Start the database, or correct DATABASE_URL." : next;
