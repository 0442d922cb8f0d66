import { GuardRefused, ROLE_ADVICE } from "./database.ts";

export interface PostgresRole {
  role: string;
  roleId: string;
  sessionRole: string;
  database: string;
  databaseId: string;
  pid: number;
  /** As `server_version_num`. */
  version: number;
  isSuperuser: boolean;
  createsRoles: boolean;
  replicates: boolean;
  /** Those of POWERS that the role has. */
  powers: string[];
}

/** Whoever has one of these may reach others' sessions, or the server's machine. */
export const POWERS = [
  "pg_signal_backend",
  "pg_signal_autovacuum_worker",
  "pg_execute_server_program",
  "pg_write_server_files",
  "pg_read_server_files",
];

const OLDEST = 130_000;

/** @throws GuardRefused when the role may do more than the guard needs: its mistakes must not reach further than the app */
export function refuseUnfit(found: PostgresRole): void {
  const { role, sessionRole, version, powers } = found;
  const refuse = (what: string) => new GuardRefused(`${what}; ${ROLE_ADVICE}`);
  if (version < OLDEST) throw new GuardRefused("PostgreSQL 13 or newer is needed");
  if (found.isSuperuser) throw refuse(`the role ${role} is a superuser`);
  if (found.createsRoles) throw refuse(`the role ${role} may make roles (CREATEROLE)`);
  if (found.replicates) throw refuse(`the role ${role} may replicate (REPLICATION)`);
  if (powers.length > 0) throw refuse(`the role ${role} is a member of ${powers.join(", ")}`);
  if (role !== sessionRole) throw refuse(`the connection logs in as ${sessionRole} and acts as ${role}`);
}

/** What bears a killer that is away: the database's own limits. Values to begin with. */
export const ADVISED_TIMEOUTS: Record<string, string> = {
  statement_timeout: "60s",
  lock_timeout: "10s",
  idle_in_transaction_session_timeout: "60s",
  client_connection_check_interval: "10s",
};

/** A note for each timeout that new sessions of the role do not have, with the SQL to set it. */
export function timeoutNotes(role: string, found: readonly { name: string; value: string }[]): string[] {
  const quoted = `"${role.replaceAll('"', '""')}"`;
  return found
    .filter(({ value }) => Number(value) === 0)
    .map(({ name }) => {
      const sql = `ALTER ROLE ${quoted} SET ${name} = '${ADVISED_TIMEOUTS[name]}';`;
      return `new sessions of ${role} have no ${name}, which needs no guard: ${sql}`;
    });
}
