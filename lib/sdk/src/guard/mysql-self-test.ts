import { GuardRefused, type GuardDatabase } from "./database.ts";
import { connectMysql } from "./mysql-client.ts";
import { cancelOnceSeen } from "./self-test.ts";

/** As a condition: MySQL answers a lone SLEEP that is stopped without an error. */
const SLEEP = "SELECT 1 FROM DUAL WHERE SLEEP(4)";

/** Stops a statement of the guard's own, on a second connection. @throws GuardRefused when that does not work */
export async function testMysql(url: string, database: GuardDatabase): Promise<void> {
  const client = await connectMysql(url, () => undefined);
  try {
    const ended = client.rows(SLEEP).then(
      () => "it ran to its end",
      (error: Error & { errno?: number }) => String(error.errno ?? error.message),
    );
    await cancelOnceSeen(database, client.pid, SLEEP, ended);
    const how = await ended;
    if (how !== "1317")
      throw new GuardRefused(`the self-test failed: a SLEEP of its own was to be cancelled (1317): ${how}`);
  } finally {
    client.close();
  }
}
