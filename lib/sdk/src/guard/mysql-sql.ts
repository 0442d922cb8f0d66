/** MariaDB numbers its statements and tells milliseconds; MySQL does neither. */
export type Flavour = "mariadb" | "mysql";

export const WHO = `SELECT VERSION() AS version, SUBSTRING_INDEX(USER(), '@', 1) AS role, DATABASE() AS \`database\`,
  @@performance_schema AS knowsNames`;

export const GRANTS = "SHOW GRANTS";

/** Locks by name are of the whole server, and their names short. */
export const LEAD = `SELECT GET_LOCK(SHA1(CONCAT_WS('/', ?, DATABASE(), USER())), 0) AS leads`;

/**
 * What tells a statement from others of its connection: MariaDB's number. On MySQL its text, which together with its age tells
 * as much as matters here: the same text over the limit would be chosen as well.
 */
const IDENTITY: Record<Flavour, string> = { mariadb: "p.QUERY_ID", mysql: "MD5(p.INFO)" };
const AGE_MS: Record<Flavour, string> = { mariadb: "p.TIME_MS", mysql: "p.TIME * 1000" };

const NAMES = `(SELECT c.ATTR_VALUE FROM performance_schema.session_account_connect_attrs c
    WHERE c.PROCESSLIST_ID = p.ID AND c.ATTR_NAME = 'program_name' LIMIT 1)`;

/** Statements of the own user in the own database over the limit. Values: user, limit in ms. */
export function activitySql(flavour: Flavour, knowsNames: boolean): string {
  return `
SELECT p.ID AS pid, CAST(${IDENTITY[flavour]} AS CHAR) AS queryStart, p.USER AS role, p.DB AS \`database\`, ${AGE_MS[flavour]} AS ageMs,
  LEFT(p.INFO, 65536) AS text, CHAR_LENGTH(p.INFO) > 65536 AS isCut, p.STATE AS waitEvent,
  IFNULL(p.STATE LIKE 'Waiting for %lock%', 0) AS waitsForLock,
  IFNULL(p.ID = IS_USED_LOCK('prisma_migrate'), 0) AS hasAdvisoryLock, ${knowsNames ? NAMES : "NULL"} AS applicationName
FROM information_schema.PROCESSLIST p
WHERE ${mine(flavour)}`;
}

function mine(flavour: Flavour): string {
  return `p.USER = ? AND p.DB = DATABASE() AND p.COMMAND IN ('Query', 'Execute') AND p.ID <> CONNECTION_ID()
  AND p.INFO IS NOT NULL AND ${AGE_MS[flavour]} >= ?`;
}

/**
 * The look and the signal as one text, of which the server runs one statement right after the other: KILL itself takes no
 * condition. Values: user, limit in ms, process, identity. The answer of the first says whether there was anything to signal.
 */
export function signalSql(flavour: Flavour, kill: "KILL QUERY" | "KILL CONNECTION", pid: number): string {
  return `
SET @tailfill_guard = (SELECT p.ID FROM information_schema.PROCESSLIST p
  WHERE ${mine(flavour)} AND p.ID = ? AND CAST(${IDENTITY[flavour]} AS CHAR) = ?);
SET @tailfill_guard_does = IF(@tailfill_guard IS NULL, 'DO 0', '${kill} ${Math.trunc(pid)}');
PREPARE tailfill_guard FROM @tailfill_guard_does;
EXECUTE tailfill_guard;
SELECT @tailfill_guard IS NOT NULL AS sent`;
}
