/** A node of `EXPLAIN (FORMAT JSON, VERBOSE)`, as far as it is read. */
interface Node {
  "Node Type": string;
  "Plan Rows": number;
  "Relation Name"?: string;
  Schema?: string;
  "Parent Relationship"?: string;
  Filter?: string;
  "Index Cond"?: string;
  "Recheck Cond"?: string;
  "TID Cond"?: string;
  Plans?: Node[];
}

export interface Relation {
  schema: string;
  name: string;
}

/** What the planner says of the rows of a statement, and what its estimate is made of. */
export interface Plan {
  rows: number;
  /** The tables that are read, partitions one by one. */
  relations: Relation[];
  /** The conditions that rows have to meet, as the plan writes them. */
  conditions: string[];
  /** Whether rows of several tables meet: such estimates may be off by orders of magnitude. */
  joins: boolean;
  /** Whether it is rows of tables that are counted, and nothing that is made of them: groups, limits, functions. */
  countable: boolean;
}

/**
 * Reads what `EXPLAIN (FORMAT JSON, VERBOSE)` answered: a text, or what a driver has parsed it to. Undefined for what is
 * no plan.
 */
export function readPlan(answer: unknown): Plan | undefined {
  const [first] = (typeof answer === "string" ? JSON.parse(answer) : answer) as { Plan?: Node }[];
  const top = first?.Plan;
  if (top === undefined || typeof top["Plan Rows"] !== "number") return undefined;
  const plan: Plan = { rows: top["Plan Rows"], relations: [], conditions: [], joins: false, countable: true };
  readSpine(top, plan);
  return plan;
}

/** What passes the rows of its children on, as many as they are. */
const PASSES = new Set([
  "Append",
  "Merge Append",
  "Gather",
  "Gather Merge",
  "Subquery Scan",
  "Result",
  "Sort",
  "Bitmap Heap Scan",
]);
const SCANS = new Set(["Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Tid Scan", "Tid Range Scan"]);
/** What is off by more than the tables' own statistics. */
const JOINS = new Set(["Nested Loop", "Hash Join", "Merge Join", "Foreign Scan", "Custom Scan"]);
const CONDITIONS = ["Filter", "Index Cond", "Recheck Cond", "TID Cond"] as const;

/** From the top down to the scans: what stands there decides how many rows come out. */
function readSpine(node: Node, plan: Plan): void {
  const type = node["Node Type"];
  note(node, plan);
  if (JOINS.has(type)) return readJoin(node, plan);
  if (!PASSES.has(type) && !SCANS.has(type)) plan.countable = false;
  for (const child of node.Plans ?? []) {
    if (isSubPlan(child)) readJoin(child, plan);
    else if (type === "Bitmap Heap Scan") noteIndexes(child, plan);
    else readSpine(child, plan);
  }
}

/** A condition that asks another table decides as a join does. */
function isSubPlan(node: Node): boolean {
  return node["Parent Relationship"] === "SubPlan" || node["Parent Relationship"] === "InitPlan";
}

function readJoin(node: Node, plan: Plan): void {
  plan.joins = true;
  note(node, plan);
  for (const child of node.Plans ?? []) readJoin(child, plan);
}

function noteIndexes(node: Node, plan: Plan): void {
  note({ ...node, "Relation Name": undefined }, plan);
  for (const child of node.Plans ?? []) noteIndexes(child, plan);
}

function note(node: Node, plan: Plan): void {
  const { "Relation Name": name, Schema: schema } = node;
  if (name !== undefined && schema !== undefined) plan.relations.push({ schema, name });
  for (const key of CONDITIONS) if (node[key] !== undefined) plan.conditions.push(node[key]);
}
