import { ANSWER_MS, APPLICATION_NAME, GuardRefused } from "./database.ts";

/** What is used of `mysql2/promise`, so that an app without it can compile what names this package's types. */
interface Mysql2Connection {
  readonly threadId: number;
  query(options: { sql: string; timeout: number }, values?: readonly unknown[]): Promise<[unknown, unknown]>;
  on(event: "error", tell: (error: Error) => void): unknown;
  end(): Promise<void>;
  destroy(): void;
}

interface Mysql2Module {
  createConnection(config: Record<string, unknown>): Promise<Mysql2Connection>;
}

/** A connection of the guard's own, to MariaDB or MySQL. */
export class MysqlClient {
  readonly #connection: Mysql2Connection;

  constructor(connection: Mysql2Connection) {
    this.#connection = connection;
  }

  get pid(): number {
    return this.#connection.threadId;
  }

  async rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const [rows] = await this.#connection.query({ sql, timeout: ANSWER_MS }, values);
    // Safe: the statements are ours, and name their columns.
    return rows as Row[];
  }

  /** `end` waits for an answer, which may never come. */
  close(): void {
    this.#connection.destroy();
  }
}

/** `onLost` is told when it breaks while nothing is asked. */
export async function connectMysql(url: string, onLost: (error: Error) => void): Promise<MysqlClient> {
  const mysql2 = await loadMysql2();
  const connection = await mysql2.createConnection({
    uri: url.replace(/^mariadb:/, "mysql:"),
    connectTimeout: ANSWER_MS,
    connectAttributes: { program_name: APPLICATION_NAME },
    // The look and the signal have to reach the server together.
    multipleStatements: true,
    enableKeepAlive: true,
  });
  connection.on("error", onLost);
  return new MysqlClient(connection);
}

async function loadMysql2(): Promise<Mysql2Module> {
  try {
    // Safe: what is used of it is checked by the tests against the version that is installed.
    const module = (await import("mysql2/promise")) as unknown as Mysql2Module & { default?: Mysql2Module };
    return module.default ?? module;
  } catch {
    throw new GuardRefused("the package mysql2 is missing: npm install mysql2");
  }
}
