import { randomBytes } from "node:crypto";
import { createConnection, type Connection } from "mysql2/promise";
import { systemClock } from "@/lib/sdk/src/clock";
import { openMysql } from "@/lib/sdk/src/guard/mysql";
import type { Flavour } from "@/lib/sdk/src/guard/mysql-sql";
import { readPolicy } from "@/lib/sdk/src/guard/policy";
import type { GuardOptions, GuardOutcome, GuardRecord } from "@/lib/sdk/src/guard";
import { RunningGuard } from "@/lib/sdk/src/guard/running-guard";
import type { Watched } from "./shop";

export interface MariaShop {
  url: string;
  otherUrl: string;
  adminUrl: string;
  admin(statement: string): Promise<void>;
  remove(): Promise<void>;
}

/** A database with the user of an app, that of another one, and a table. */
export async function mariaShop(serverUrl: string): Promise<MariaShop> {
  const connection = await createConnection(serverUrl);
  const admin = async (statement: string) => void (await connection.query(statement));
  const name = `guard_${randomBytes(4).toString("hex")}`;
  const [role, other] = [`${name}_app`, `${name}_other`];
  await admin(`CREATE DATABASE ${name}`);
  for (const user of [role, other]) {
    await admin(`CREATE USER ${user} IDENTIFIED BY 's3cret'`);
    await admin(`GRANT ALL ON ${name}.* TO ${user}`);
  }
  await admin(`CREATE TABLE ${name}.item (a INT PRIMARY KEY)`);
  const as = (user: string) =>
    Object.assign(new URL(serverUrl), { username: user, password: "s3cret", pathname: `/${name}` }).href;
  const remove = async () => {
    for (const user of [role, other]) await admin(`DROP USER ${user}`);
    await admin(`DROP DATABASE ${name}`);
    await connection.end();
  };
  return {
    url: as(role),
    otherUrl: as(other),
    adminUrl: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href,
    admin,
    remove,
  };
}

export interface MariaApp {
  connection: Connection;
  pid: number;
  /** Runs a statement, and gives the number it failed with, or `done`. */
  run(statement: string): Promise<string>;
}

export async function mariaApp(url: string, cleanup: (() => unknown)[]): Promise<MariaApp> {
  const connection = await createConnection(url);
  connection.on("error", () => undefined);
  cleanup.push(() => connection.destroy());
  const run = (statement: string) =>
    connection.query(statement).then(
      () => "done",
      (error: { errno?: number; code?: string; message: string }) => String(error.errno ?? error.code ?? error.message),
    );
  return { connection, pid: connection.threadId, run };
}

/** A guard in a hurry. With the flavour of MySQL it does what it would there, as far as MariaDB understands it. */
export async function mariaWatched(
  flavour: Flavour,
  options: Partial<GuardOptions> & { databaseUrl: string },
  cleanup: (() => unknown)[],
): Promise<Watched> {
  const records: GuardRecord[] = [];
  const outcomes: GuardOutcome[] = [];
  const notes: string[] = [];
  const errors: string[] = [];
  const all: GuardOptions = {
    every: 0.1,
    over: 1,
    onKill: (record) => records.push(record),
    onReport: (record) => records.push(record),
    onOutcome: (outcome) => outcomes.push(outcome),
    onNote: (note) => notes.push(note),
    onError: ({ message }) => errors.push(message),
    ...options,
  };
  const open = (onLost: (error: Error) => void) =>
    openMysql(all.databaseUrl, { onLost, needsNames: all.applicationNames !== undefined, flavour });
  const guard = new RunningGuard(all, { policy: readPolicy(all), open, clock: systemClock });
  cleanup.push(() => guard.stop());
  await guard.ready;
  const about = (pid: number) =>
    records.filter((record) => record.pid === pid).map(({ action, reason }) => `${action} ${reason}`);
  return { guard, records, outcomes, notes, errors, about };
}
