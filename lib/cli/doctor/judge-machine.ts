import { bytesText, fail, type Finding, ok, orOk, warn } from "./finding.ts";
import type { DiskFacts, Entry, MachineFacts } from "./machine-facts.ts";

/** As package.json says. */
const LEAST_NODE = [20, 19];
/** Ingest stops below the first; below the second, and below a twentieth of the disk, it is time to act. */
const LEAST_FREE_BYTES = 200 * 1024 * 1024;
const FEW_FREE_BYTES = 2e9;
const FEW = 0.05;
const LEAST_INODES = 1_000;
const FOR_OTHERS = 0o077;

/** What the machine says, apart from the database. */
export function judgeMachine(facts: MachineFacts): Finding[] {
  return [
    judgeNode(facts.nodeVersion),
    ...(facts.disk === null ? [] : judgeDisk(facts.disk)),
    ...judgeDataDir(facts),
    ...judgeSecrets(facts.secrets),
  ];
}

function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > LEAST_NODE[0]! || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]!);
  if (isEnough) return ok("Node.js", version);
  return fail("Node.js", `${version} is too old.`, `Install Node.js ${LEAST_NODE.join(".")} or newer.`);
}

function judgeDisk({ path, freeBytes, totalBytes, freeInodes, totalInodes }: DiskFacts): Finding[] {
  return [judgeBytes(path, freeBytes, totalBytes), ...judgeInodes(path, freeInodes, totalInodes)];
}

function judgeBytes(path: string, free: number, total: number): Finding {
  const says = `${bytesText(free)} of ${bytesText(total)} are free for ${path}.`;
  if (free < LEAST_FREE_BYTES) return fail("disk", `${says} Nothing new is taken in.`, "Free disk space.");
  if (free < FEW_FREE_BYTES || free < total * FEW)
    return warn("disk", says, "Free disk space: below 200 MB nothing new is taken in.");
  return ok("disk", says);
}

function judgeInodes(path: string, free: number | null, total: number | null): Finding[] {
  if (free === null || total === null || (free > total * FEW && free > LEAST_INODES)) return [];
  const says = `The file system of ${path} has room for ${free} more files.`;
  const next = "Remove files that nobody needs: databases fail without room for more, whatever space is free.";
  return [free < LEAST_INODES ? fail("disk", says, next) : warn("disk", says, next)];
}

function judgeDataDir({ dataDir, cluster, uid, databaseUid }: MachineFacts): Finding[] {
  if (dataDir === null) return [];
  const found = [
    ...ownerFindings(dataDir, uid),
    ...(cluster === null ? [] : ownerFindings(cluster, databaseUid)),
    ...modeFindings("data directory", [dataDir, ...(cluster === null ? [] : [cluster])], "700"),
  ];
  return orOk(found, "data directory", `${dataDir.path} is closed to other accounts.`);
}

function ownerFindings({ path, uid: owner }: Entry, wanted: number | null): Finding[] {
  if (wanted === null || owner === wanted) return [];
  const says = `${path} belongs to account ${owner}, and tailfill runs as ${wanted}.`;
  return [
    fail("data directory", says, `Run doctor as the account that tailfill runs as, or: chown -R ${wanted} ${path}`),
  ];
}

function modeFindings(check: string, entries: readonly Entry[], mode: string): Finding[] {
  return entries
    .filter((entry) => entry.mode !== null && (entry.mode & FOR_OTHERS) !== 0)
    .map(({ path, mode: bits }) =>
      warn(check, `${path} is open to other accounts (mode ${bits!.toString(8)}).`, `chmod ${mode} ${path}`),
    );
}

function judgeSecrets(secrets: readonly Entry[]): Finding[] {
  if (secrets.length === 0) return [];
  const open = modeFindings("secrets", secrets, "600").map((finding): Finding => ({ ...finding, state: "fail" }));
  return orOk(open, "secrets", `${secrets.length} files, for their owner alone.`);
}
