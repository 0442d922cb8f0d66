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
  /** Milliseconds. */
  ttl?: number;
}
