/** What is used of Prisma 7's driver adapters (`@prisma/driver-adapter-utils`); all else of them is passed through. */
export interface Query {
  sql: string;
  args?: unknown[];
  argTypes?: unknown[];
}

export interface Rows {
  readonly rows: readonly unknown[];
}

export interface Queryable {
  readonly provider: string;
  queryRaw(query: Query): Promise<Rows>;
  executeRaw(query: Query): Promise<number>;
}

export interface Transaction extends Queryable {
  /** Whether `rollback` asks the database as well, and does not only give the connection back. */
  readonly options?: { usePhantomQuery?: boolean };
  rollback?(): Promise<void>;
  createSavepoint?(name: string): Promise<void>;
  rollbackToSavepoint?(name: string): Promise<void>;
  releaseSavepoint?(name: string): Promise<void>;
}

export interface Adapter extends Queryable {
  executeScript(script: string): Promise<void>;
  startTransaction(...args: unknown[]): Promise<Transaction>;
  /** The pool below, of adapters that have one. */
  underlyingDriver?(): unknown;
}

export interface AdapterFactory {
  readonly provider: string;
  connect(): Promise<Adapter>;
  /** Only for migrations, which are no part of an app's requests. */
  connectToShadowDb?(): Promise<unknown>;
}
