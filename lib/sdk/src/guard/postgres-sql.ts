/**
 * Statements of the own role over the limit ($1, in ms). Who a session is, is asked here positively: of other roles' sessions
 * PostgreSQL shows nulls, which a list of exceptions would let through.
 */
export const ACTIVITY = `
SELECT a.pid, a.backend_start::text AS "backendStart", a.query_start::text AS "queryStart",
  a.usename::text AS role, a.datname::text AS database, a.backend_type AS "backendType", a.state,
  a.application_name AS "applicationName",
  (extract(epoch FROM clock_timestamp() - a.query_start) * 1000)::float8 AS "ageMs",
  left(a.query, 65536) AS text,
  octet_length(a.query) >= least(pg_size_bytes(current_setting('track_activity_query_size')) - 4, 65536) AS "isCut",
  a.wait_event_type || ':' || a.wait_event AS "waitEvent",
  coalesce(a.wait_event_type = 'Lock', false) AS "waitsForLock",
  a.backend_xid IS NOT NULL AS "hasWritten",
  a.pid IN (SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted) AS "hasAdvisoryLock",
  a.pid IN (SELECT p.pid FROM pg_stat_progress_create_index p UNION ALL SELECT p.pid FROM pg_stat_progress_vacuum p
    UNION ALL SELECT p.pid FROM pg_stat_progress_analyze p UNION ALL SELECT p.pid FROM pg_stat_progress_cluster p) AS "isUpkeep",
  CASE WHEN a.wait_event_type = 'Lock' THEN pg_blocking_pids(a.pid) ELSE '{}' END AS "blockedBy"
FROM pg_stat_activity a
WHERE a.usename = current_user AND a.datname = current_database() AND a.backend_type = 'client backend'
  AND a.state = 'active' AND a.pid <> pg_backend_pid()
  AND a.query_start < clock_timestamp() - $1 * interval '1 ms'`;

/** Of another role's session PostgreSQL says in the place of its statement that it may not be seen. */
export const BLOCKING = `
SELECT pid, backend_start::text AS "backendStart", application_name AS "applicationName", state,
  CASE WHEN usename = current_user THEN left(query, 65536) END AS text,
  (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::float8 AS "ageMs"
FROM pg_stat_activity WHERE pid = ANY($1::int[])`;

/**
 * One statement, so that nothing lies between the look and the signal but what PostgreSQL itself takes; within a transaction it
 * would look at a frozen picture. It asks the function below the view for this one process: the view lists all of them and
 * joins them with their names before the first signal, which takes long enough for a statement to end and another to begin.
 * The parameters are texts as ACTIVITY gave them, and the ids of the own role and database.
 */
export const SIGNAL = {
  cancel: signalBy("pg_cancel_backend"),
  terminate: signalBy("pg_terminate_backend"),
};

function signalBy(call: string): string {
  return `
SELECT ${call}(pid) AS sent FROM pg_stat_get_activity($1)
WHERE backend_start = $2::timestamptz AND query_start = $3::timestamptz AND state = 'active'
  AND usesysid = $4::oid AND datid = $5::oid AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
}

/** Session locks are of one database: guards of different roles do not keep each other out. */
export const LEAD = `SELECT pg_try_advisory_lock(hashtext($1), hashtext(current_user)) AS leads`;

/** May a role kill, or become, what is not its own? Roles that are not there in a version are not found. */
export const ROLE = `
SELECT current_user::text AS role, session_user::text AS "sessionRole", current_database()::text AS database, pg_backend_pid() AS pid,
  r.oid::text AS "roleId", (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database()) AS "databaseId",
  current_setting('server_version_num')::int AS version,
  r.rolsuper AS "isSuperuser", r.rolcreaterole AS "createsRoles", r.rolreplication AS replicates,
  ARRAY(SELECT g.rolname::text FROM pg_roles g WHERE g.rolname = ANY($1) AND pg_has_role(current_user, g.oid, 'MEMBER')) AS powers
FROM pg_roles r WHERE r.rolname = current_user`;

/** What a new session of the role begins with, whatever this one has set since. */
export const TIMEOUTS = `SELECT name, reset_val AS value FROM pg_settings WHERE name = ANY($1)`;
