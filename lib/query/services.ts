import { usersBeginning } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { lastWindows } from "../store/last-windows.ts";
import type { ServicesAnswer, UserSearchAnswer } from "./answers.ts";
import type { QuestionOf } from "./question.ts";

/** All services with their environments, and when each was last heard of. */
export async function services(db: Db, nowMs: number): Promise<ServicesAnswer> {
  const found = new Map<string, { environments: string[]; lastMs: number | null }>();
  for (const { service, environment, lastMs } of await lastWindows(db, nowMs)) {
    const one = found.get(service) ?? { environments: [], lastMs: null };
    one.environments.push(environment);
    one.lastMs = Math.max(one.lastMs ?? 0, lastMs ?? 0) || null;
    found.set(service, one);
  }
  return {
    services: [...found].map(([name, { environments, lastMs }]) => ({
      name,
      environments,
      lastSeenAt: lastMs === null ? null : new Date(lastMs).toISOString(),
    })),
  };
}

/** Users whose id begins with a text, for a search box. */
export async function findUsers(db: Db, question: QuestionOf<"userSearch">): Promise<UserSearchAnswer> {
  const { service, search, limit } = question;
  return { users: await usersBeginning(db, { service, beginning: search, limit }) };
}
