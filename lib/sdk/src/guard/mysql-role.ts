import { GuardRefused, ROLE_ADVICE } from "./database.ts";
import type { MysqlClient } from "./mysql-client.ts";
import type { Flavour } from "./mysql-sql.ts";

/** Whoever has one of these on all databases may stop others' statements, or reach the server's machine. */
const POWERS =
  /\b(ALL PRIVILEGES|SUPER|CONNECTION ADMIN|CONNECTION_ADMIN|SYSTEM_USER|CREATE USER|SHUTDOWN|FILE|REPLICATION [A-Z]+)\b/;

/** @throws GuardRefused when the user may do more than the guard needs */
export function refusePowers(role: string, grants: readonly string[]): void {
  for (const grant of grants) {
    const [, privileges] = /^GRANT (.*) ON \*\.\* TO /.exec(grant) ?? [];
    const power = POWERS.exec(privileges ?? grant.match(/^GRANT [A-Z_, ]+ ON \*\.\*/)?.[0] ?? "")?.[1];
    if (power !== undefined) throw new GuardRefused(`the user ${role} has ${power} on all databases; ${ROLE_ADVICE}`);
  }
}

const NO_LIMIT: Record<Flavour, [variable: string, sql: (role: string) => string][]> = {
  mariadb: [
    ["max_statement_time", (role) => `ALTER USER ${role} WITH MAX_STATEMENT_TIME 60;`],
    ["idle_transaction_timeout", () => "SET GLOBAL idle_transaction_timeout = 60;"],
  ],
  mysql: [["max_execution_time", () => "SET PERSIST max_execution_time = 60000; (reads only)"]],
};

/** A note for each timeout that a new session of the user does not have. Asked before the guard sets its own. */
export async function mysqlTimeoutNotes(client: MysqlClient, flavour: Flavour, role: string): Promise<string[]> {
  const names = NO_LIMIT[flavour].map(([name]) => `@@session.${name} AS ${name}`);
  const [found = {}] = await client.rows<Record<string, number>>(`SELECT ${names.join(", ")}`);
  const quoted = `\`${role.replaceAll("`", "``")}\``;
  return NO_LIMIT[flavour]
    .filter(([name]) => Number(found[name]) === 0)
    .map(([name, sql]) => `new sessions of ${role} have no ${name}, which needs no guard: ${sql(quoted)}`);
}
