import type { Connection, Db } from "./db.ts";

/** Who may sign in. */
export interface AccountRow {
  id: string;
  name: string;
  email: string;
  createdAt: Date;
}

/** The number of an advisory lock: the first account is made, and the last one kept, by one transaction at a time. */
const ACCOUNTS_LOCK = 7_466_001;

export async function anyAccount(db: Connection): Promise<boolean> {
  return (await db.user.findFirst({ select: { id: true } })) !== null;
}

/** Oldest first. */
export function listAccounts(db: Db): Promise<(AccountRow & { lastSeenAt: Date | null })[]> {
  return db.$queryRaw`
    SELECT u.id, u.name, u.email, u.created_at AS "createdAt", max(s.updated_at) AS "lastSeenAt"
    FROM "user" u LEFT JOIN session s ON s.user_id = u.id
    GROUP BY u.id ORDER BY u.created_at, u.id`;
}

/** Inserts an account with its password hash. The caller holds the transaction. */
export async function insertAccount(
  tx: Connection,
  account: { id: string; name: string; email: string; passwordHash: string },
): Promise<void> {
  const { id, name, email, passwordHash } = account;
  await tx.user.create({ data: { id, name, email, emailVerified: true } });
  await tx.account.create({
    data: { id: `${id}-credential`, accountId: id, providerId: "credential", userId: id, password: passwordHash },
  });
}

/** Runs `change` while no other process makes or removes accounts. */
export function withAccountsLocked<T>(db: Db, change: (tx: Connection) => Promise<T>): Promise<T> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ACCOUNTS_LOCK}::bigint)`;
      return change(tx);
    },
    { maxWait: 10_000, timeout: 10_000 },
  );
}

export async function emailTaken(tx: Connection, email: string): Promise<boolean> {
  return (await findAccount(tx, email)) !== null;
}

export function findAccount(db: Connection, email: string): Promise<{ id: string } | null> {
  return db.user.findUnique({ where: { email }, select: { id: true } });
}

/** Puts another password hash in an account's place. The caller holds the transaction. */
export async function replacePassword(tx: Connection, userId: string, passwordHash: string): Promise<void> {
  await tx.account.updateMany({ where: { userId, providerId: "credential" }, data: { password: passwordHash } });
}

/** Removes an account with its sessions, unless it is the last. */
export function removeAccount(db: Db, id: string): Promise<"removed" | "last" | "unknown"> {
  return withAccountsLocked(db, async (tx) => {
    if ((await tx.user.findUnique({ where: { id }, select: { id: true } })) === null) return "unknown";
    if ((await tx.user.count()) <= 1) return "last";
    await tx.user.delete({ where: { id } });
    return "removed";
  });
}

/** Notes that a session is in use, at most as often as the caller asks. */
export async function noteSessionUse(db: Db, id: string, at: Date): Promise<void> {
  await db.session.updateMany({ where: { id, updatedAt: { lt: at } }, data: { updatedAt: at } });
}

export async function endSession(db: Db, id: string): Promise<void> {
  await db.session.deleteMany({ where: { id } });
}

export async function endSessionsOf(db: Connection, userId: string): Promise<void> {
  await db.session.deleteMany({ where: { userId } });
}

/** Removes sessions that nobody used since, or whose time is over. */
export async function removeOldSessions(db: Db, usedBefore: Date): Promise<void> {
  await db.session.deleteMany({
    where: { OR: [{ updatedAt: { lt: usedBefore } }, { expiresAt: { lt: new Date() } }] },
  });
}
