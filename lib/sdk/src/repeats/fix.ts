import { shapeOf, type RepeatKind, type StatementShape } from "../../../loading/index.ts";
import type { Models } from "./models.ts";

/** What there is to say of a repeated statement. */
export interface Repeated {
  kind: RepeatKind;
  text: string;
  fingerprint: string;
  op: string | undefined;
  /** Prisma's model and action of what it runs for. */
  parentOp: string | undefined;
  models: Models | undefined;
}

/** What to write instead, as code. Undefined where there is nothing to change. */
export function fixOf(repeated: Repeated): string | undefined {
  const shape = shapeOf(repeated.text);
  const [model, action] = repeated.op?.split(".") ?? [];
  const prisma = model !== undefined && action !== undefined ? { model, action } : undefined;
  if (repeated.kind === "duplicates") return keepAnswer(repeated, shape, prisma);
  if (repeated.kind === "write_loop") return prisma === undefined ? manyRows(shape) : manyByPrisma(prisma, shape);
  if (repeated.kind !== "n_plus_one") return undefined;
  return prisma === undefined ? byList(repeated.fingerprint) : byRelation(repeated, shape, prisma);
}

interface PrismaCall {
  model: string;
  action: string;
}

const delegate = (model: string): string => `prisma.${model.charAt(0).toLowerCase()}${model.slice(1)}`;

/** By the relation from the parent, if there is one, else by all ids at once. */
function byRelation(repeated: Repeated, shape: StatementShape, call: PrismaCall): string {
  const { models, parentOp } = repeated;
  const [column = "id", ...others] = shape.equals;
  const field = models?.fieldOf(call.model, column) ?? column;
  const [parentModel, parentAction = "findMany"] = parentOp?.split(".") ?? [];
  const counts = call.action === "count" || call.action === "aggregate";
  const names = parentModel === undefined ? [] : (models?.relationsBy(parentModel, call.model, column) ?? []);
  if (parentModel === undefined || names.length === 0 || !isRead(parentAction))
    return counts ? grouped(call, field) : byIds(call, field);
  const code = names.map((name) => {
    const inner = counts ? `{ _count: { select: { ${name}: true } } }` : `{ ${name}: ${conditions(shape, others)} }`;
    return `${delegate(parentModel)}.${parentAction}({ …, include: ${inner} })`;
  });
  return code.join("   // or: ");
}

const isRead = (action: string): boolean => action.startsWith("find");

/** Other conditions of the repeated statement go along. */
function conditions(shape: StatementShape, others: readonly string[]): string {
  if (others.length === 0) return "true";
  return `{ where: { ${others.map((name) => `${name}: …`).join(", ")} } }`;
}

function byIds({ model }: PrismaCall, field: string): string {
  return `${delegate(model)}.findMany({ where: { ${field}: { in: ids } } })`;
}

function grouped({ model }: PrismaCall, field: string): string {
  return `${delegate(model)}.groupBy({ by: ["${field}"], where: { ${field}: { in: ids } }, _count: true })`;
}

const EQUALS = /([\w."`]+) = \?/;

/** The same statement for a list: the first comparison of a column with a value, behind `where`. */
function byList(fingerprint: string): string {
  const where = fingerprint.search(/\bwhere\b/);
  const [head, conditions] = [fingerprint.slice(0, Math.max(where, 0)), fingerprint.slice(Math.max(where, 0))];
  const column = where < 0 ? undefined : EQUALS.exec(conditions)?.[1];
  if (column === undefined) return `${fingerprint}   -- once, for all ids: … = any($1)`;
  if (/\blimit\b/.test(conditions)) return eachByLateral(head, conditions);
  const all = conditions.replace(EQUALS, "$1 = any(?)");
  if (AGGREGATE.test(head) && !/\bgroup by\b/.test(all))
    return numbered(`${withColumn(head, column)}${all} group by ${column}`, 0);
  return numbered((selects(head, column) ? head : withColumn(head, column)) + all, 0);
}

/** A limit is of each, and not of all together. */
function eachByLateral(head: string, conditions: string): string {
  const one = numbered(head + conditions.replace(EQUALS, "$1 = given.id"), 1);
  return `select given.id, each.* from unnest($1::…[]) as given (id) cross join lateral (${one}) as each`;
}

const AGGREGATE = /^select (?:count|sum|min|max|avg)\(/;
/** Whether a row says which of the ids it belongs to. */
const selects = (head: string, column: string): boolean =>
  !head.startsWith("select ") ||
  /^select (?:distinct )?[^(]*\*/.test(head) ||
  head
    .slice(0, head.search(/\bfrom\b/))
    .split(/[\s,]+/)
    .includes(column);
const withColumn = (head: string, column: string): string => head.replace(/^select /, `select ${column}, `);

/** Fingerprints have `?` for each value. */
function numbered(text: string, known: number): string {
  let at = known;
  return text.replaceAll("?", () => `$${++at}`);
}

function keepAnswer({ fingerprint }: Repeated, { table }: StatementShape, call: PrismaCall | undefined): string {
  const what = call === undefined ? (table ?? "answer") : call.model;
  const name = `${what.charAt(0).toLowerCase()}${what.slice(1)}`.replaceAll(/\W/g, "_");
  const ask =
    call === undefined ? `pool.query("${fingerprint.slice(0, 60)}…")` : `${delegate(call.model)}.${call.action}(…)`;
  return `const ${name} = await ${ask};   // once for a request, before the loop; then pass it on`;
}

function manyByPrisma({ model, action }: PrismaCall, { verb, equals }: StatementShape): string {
  const field = equals[0] ?? "id";
  if (action === "create" || verb === "insert") return `${delegate(model)}.createMany({ data: rows })`;
  if (verb === "delete") return `${delegate(model)}.deleteMany({ where: { ${field}: { in: ids } } })`;
  return `${delegate(model)}.updateMany({ where: { ${field}: { in: ids } }, data: … })`;
}

function manyRows({ verb, table = "…", equals }: StatementShape): string {
  const column = equals[0] ?? "id";
  if (verb === "insert") return `insert into ${table} (…) select * from unnest($1::…[], $2::…[])`;
  if (verb === "delete") return `delete from ${table} where ${column} = any($1)`;
  return `update ${table} set … from unnest($1::…[], $2::…[]) as given (${column}, …) where ${table}.${column} = given.${column}`;
}
