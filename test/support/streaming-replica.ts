import { cpSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareEmbedded } from "@/lib/store/embedded";
import { migrate } from "@/lib/store/migrate";

export interface Replicated {
  primaryUrl: string;
  replicaUrl: string;
  stopReplica(): Promise<void>;
  startReplica(): Promise<void>;
  stop(): Promise<void>;
}

/** Both of a pair must have the same. */
const SETTINGS = { max_wal_senders: "4", fsync: "off", max_connections: "40" };

/** A migrated database with a streaming replica, both of the embedded binaries: a copy of the stopped cluster that follows it. */
export async function streamingReplica(): Promise<Replicated> {
  const folder = await mkdtemp(join(tmpdir(), "tailfill-replica-"));
  const [one, other] = [join(folder, "primary"), join(folder, "replica")];
  const primary = await prepareEmbedded(one, SETTINGS);
  const first = await primary.start();
  await migrate(primary.url);
  await first.stop();
  cpSync(one, other, { recursive: true, filter: (from) => !from.endsWith("socket-folder") });
  await writeFile(join(other, "postgres", "standby.signal"), "");
  const running = await primary.start();
  const replica = await prepareEmbedded(other, { ...SETTINGS, primary_conninfo: conninfoOf(primary.url) });
  let following = await replica.start();
  return {
    primaryUrl: primary.url,
    replicaUrl: replica.url,
    stopReplica: () => following.stop(),
    startReplica: async () => void (following = await replica.start()),
    stop: async () => {
      await following.stop();
      await running.stop();
      primary.close();
      replica.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function conninfoOf(text: string): string {
  const url = new URL(text);
  const host = url.searchParams.get("host") ?? url.hostname;
  return `host=${host} port=${url.port || 5432} user=${url.username} password=${url.password}`;
}
