import type { GuardDatabase } from "./database.ts";
import { openMysql } from "./mysql.ts";
import { openPostgres } from "./postgres.ts";

export type Open = (onLost: (error: Error) => void) => Promise<GuardDatabase>;

/**
 * How to open the database of an address.
 * @param needsNames whether names of applications have to be known
 * @throws TypeError for an address of nothing that the guard knows, without showing it
 */
export function opener(databaseUrl: string, needsNames: boolean): Open {
  if (typeof databaseUrl === "string" && URL.canParse(databaseUrl)) {
    const { protocol } = new URL(databaseUrl);
    if (/^postgres(ql)?:$/.test(protocol)) return (onLost) => openPostgres(databaseUrl, onLost);
    if (/^(mysql|mariadb):$/.test(protocol)) return (onLost) => openMysql(databaseUrl, { onLost, needsNames });
  }
  throw new TypeError("the database's URL must be postgresql://…, mysql://… or mariadb://…");
}

/** An error in words, as one line, and never with the password of the address. */
export function errorText(error: unknown, databaseUrl: string): string {
  const text = wordsOf(error).replaceAll(/\s+/g, " ");
  return secretsIn(databaseUrl).reduce((safe, secret) => safe.replaceAll(secret, "…"), text);
}

/** Node tells of several addresses that were tried in an error without a message. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(wordsOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function secretsIn(databaseUrl: string): string[] {
  if (!URL.canParse(databaseUrl)) return [];
  const [, parameter = ""] = /[?&]password=([^&#]*)/.exec(databaseUrl) ?? [];
  const encoded = [new URL(databaseUrl).password, parameter];
  return [databaseUrl, ...encoded, ...encoded.map(plain)].filter((secret) => secret !== "");
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
