/** What is used of a BentoCache, or of what its `use()` and `namespace()` return. */
export interface Bento {
  get(options: BentoRead): Promise<unknown>;
  set(options: BentoWrite): Promise<boolean>;
  delete(options: BentoCall): Promise<boolean>;
}

export interface BentoCall {
  key: string;
  /** False: an error of the shared layer reaches us, also when there is a layer in memory. */
  suppressL2Errors?: boolean;
}

export interface BentoRead extends BentoCall {
  /** Milliseconds; false: nothing that has expired. */
  grace?: number | false;
}

export interface BentoWrite extends BentoRead {
  value: unknown;
  /** Milliseconds; below 0, what is in this process's memory goes. */
  ttl?: number;
  /** Leaves the shared layer as it is. */
  skipL2Write?: boolean;
  skipBusNotify?: boolean;
}
