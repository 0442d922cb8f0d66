/**
 * The MariaDB of `TEST_MARIADB_URL`, for `describe.runIf`; says in one line when there is none.
 * @param suite what is left out then
 */
export function mariadbOrNone(suite: string): string | undefined {
  const url = process.env["TEST_MARIADB_URL"];
  if (url === undefined || url === "") console.info(`left out: ${suite} (TEST_MARIADB_URL is not set)`);
  return url === "" ? undefined : url;
}
