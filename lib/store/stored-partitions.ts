import type { Connection } from "./db.ts";
import { type Partition, partitionAt, PARTITIONED, type Partitioned } from "./partitions.ts";

/** A partition as it lies on the disk. */
export interface StoredPartition extends Partition {
  table: string;
  /** Indexes and everything else included. */
  bytes: number;
  /** Whether it holds anything. */
  isUsed: boolean;
}

/** Every partition and its size, oldest first in each table. */
export async function storedPartitions(db: Connection): Promise<StoredPartition[]> {
  const rows = await db.$queryRaw<{ table: string; name: string; bytes: number; isUsed: boolean }[]>`
    SELECT parent.relname::text AS "table", child.relname::text AS name,
      pg_total_relation_size(child.oid)::float8 AS bytes, pg_relation_size(child.oid) > 0 AS "isUsed"
    FROM pg_inherits i JOIN pg_class child ON child.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE parent.relname = ANY(${PARTITIONED.map(({ table }) => table)}::text[]) AND child.relkind = 'r'
      AND parent.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2`;
  return rows.map((row) => {
    const table = PARTITIONED.find((one) => one.table === row.table)!;
    return { ...row, ...spanOf(table, row.name) };
  });
}

/** From when to when a partition reaches: its name says so. */
function spanOf(table: Partitioned, name: string): Partition {
  const digits = name.slice(table.table.length + 1);
  const [year, month, day = "01"] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8) || undefined];
  return partitionAt(table, Date.parse(`${year}-${month}-${day}T00:00:00Z`));
}
