/** What is used of Prisma's own description of a schema, which a client carries as `_runtimeDataModel`. */
export interface RuntimeDataModel {
  models: Record<string, { dbName?: string | null; fields: readonly RuntimeField[] }>;
}

interface RuntimeField {
  name: string;
  kind: string;
  /** Of a relation, the other model. */
  type: string;
  dbName?: string | null;
  relationName?: string;
}

/** Names of a Prisma schema. */
export class Models {
  constructor(private readonly described: RuntimeDataModel) {}

  /** Of what a client carries; undefined when that is another thing than we know. */
  static of(client: unknown): Models | undefined {
    const described = (client as { _runtimeDataModel?: RuntimeDataModel } | undefined)?._runtimeDataModel;
    return typeof described?.models === "object" && described.models !== null ? new Models(described) : undefined;
  }

  tableOf(model: string): string | undefined {
    const found = this.#model(model);
    return found === undefined ? undefined : (found.dbName ?? model);
  }

  /** The field of a column; the column's own name when there is none. */
  fieldOf(model: string, column: string): string {
    return this.#fields(model).find(({ name, dbName }) => (dbName ?? name) === column)?.name ?? column;
  }

  /** The fields of a model by which another one can be included. More than one where they are related in several ways. */
  relations(from: string, to: string): string[] {
    return this.#fields(from)
      .filter(({ kind, type }) => kind === "object" && type === to)
      .map(({ name }) => name);
  }

  /** The same when the other model's column is known: `authorId` belongs to the relation that it calls `author`. */
  relationsBy(from: string, to: string, column: string): string[] {
    const names = this.relations(from, to);
    if (names.length < 2) return names;
    const key = this.fieldOf(to, column).replace(/_?id$/i, "").toLowerCase();
    const back = this.#fields(to).find((field) => field.kind === "object" && field.name.toLowerCase() === key);
    const exact = this.#fields(from).filter(({ relationName }) => relationName === back?.relationName && back);
    return exact.length === 0 ? names : exact.map(({ name }) => name);
  }

  isRelation(model: string, field: string): boolean {
    return this.#fields(model).some(({ name, kind }) => name === field && kind === "object");
  }

  #fields(model: string): readonly RuntimeField[] {
    return this.#model(model)?.fields ?? [];
  }

  #model(name: string) {
    return Object.hasOwn(this.described.models, name) ? this.described.models[name] : undefined;
  }
}
