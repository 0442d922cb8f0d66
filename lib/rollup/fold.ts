import { log } from "../log.ts";
import { type ClaimedBatch, claimBatches, deleteBatches } from "../store/batches.ts";
import { type Bulk, bulk } from "../store/bulk.ts";
import type { Db } from "../store/db.ts";
import { WalkableBatch, WireError } from "../wire/index.ts";
import { KnownUsers } from "./known-users.ts";
import { OpenFold } from "./open-fold.ts";
import { Pace } from "./pace.ts";

/** Batches that one transaction folds: bounds memory, and how long a claim lasts. */
const BYTES_AT_ONCE = 12 * 1024 * 1024;

/**
 * Turns waiting batches into parts of windows. One folder object serves a process; any number of processes may fold at
 * the same time. Stopped at any point, a transaction leaves everything as it was, and its batches wait on.
 */
export class Folder {
  private readonly users = new KnownUsers();

  constructor(private readonly db: Db) {}

  /**
   * Folds until no batch is left that this folder can claim, or `stop` says so between two transactions.
   * Returns the number of batches folded.
   */
  async fold(stop: () => boolean = () => false): Promise<number> {
    let folded = 0;
    while (!stop()) {
      const batches = await bulk(this.db, (tx) => this.foldOnce(tx));
      if (batches === 0) break;
      folded += batches;
    }
    return folded;
  }

  private async foldOnce(tx: Bulk): Promise<number> {
    const claimed = await claimBatches(tx, BYTES_AT_ONCE);
    if (claimed.length === 0) return 0;
    this.users.tidy();
    const fold = new OpenFold(this.db, this.users, new Pace());
    await fold.gather(claimed.flatMap(readable));
    await fold.write(tx);
    await deleteBatches(tx, claimed);
    return claimed.length;
  }
}

/**
 * What ingest stored can be read, unless it was stored by a newer version or damaged since: that must not stop the rest
 * for ever, so it is told in the log and left out.
 */
function readable({ id, service, environment, payload }: ClaimedBatch): WalkableBatch[] {
  try {
    new WalkableBatch(payload).walk(NOBODY);
    return [new WalkableBatch(payload)];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    log("fold").error({ err: error, batch: id, service, environment }, "a stored batch cannot be read: left out");
    return [];
  }
}

const NOBODY = { endpoint: () => undefined, outcome: () => undefined, user: () => undefined };
