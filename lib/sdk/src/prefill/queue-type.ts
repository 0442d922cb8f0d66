/** One fill to do. It may be dropped, done twice or done late without harm. */
export interface FillJob {
  /** The decision's id; the job's as well. */
  decision: string;
  definition: string;
  /** As it leaves the process: sealed when ids are sealed. */
  user: string;
  /** Worthless after this, in milliseconds since the epoch. */
  notAfterMs: number;
  /** Computed anew although the value is still warm. */
  refresh: boolean;
}

/** `known`: one for the same definition and user waits or runs already. `full`: so many wait that this one is dropped. */
export type Added = "queued" | "known" | "full";

/** Carries fills from those who decide to those who work. Small, so that any queue library can be put behind it. */
export interface FillQueue {
  /** Whether what is added here is also worked off here, and gone when the process ends. */
  readonly local: boolean;
  /** Connects, so that the first job need not wait for that. What goes wrong shows when a job is added. */
  open(): void;
  /**
   * Puts a job in, unless `most` are waiting.
   * @throws when the queue cannot be reached
   */
  add(job: FillJob, most: number): Promise<Added>;
  /** Takes back a job that waits; false when there is none, or it cannot be done here. */
  withdraw(definition: string, user: string): boolean;
  /**
   * Works jobs off with `run`, which never rejects, at most `atOnce` at a time. `lost` is told of a job that is given up because
   * those who ran it died.
   */
  work(run: (job: FillJob) => Promise<void>, atOnce: number, lost: (job: FillJob) => void): FillLine;
  /** Lets go of all connections. What waits stays for others, or is lost with the process when the queue is `local`. */
  close(): Promise<void>;
}

/** One process's share of the work. */
export interface FillLine {
  /** Changes how many run at a time; 0 starts none. */
  limit(atOnce: number): void;
  /** Starts no more, and waits for those that run. A local queue runs what waits as well, for nobody else will. */
  stop(): Promise<void>;
}
