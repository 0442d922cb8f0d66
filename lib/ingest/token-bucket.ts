/** How much one key may send: `burst` batches at once, and `perSecond` for ever. */
export interface BucketRate {
  perSecond: number;
  burst: number;
}

/** Keys remembered; a key that was forgotten begins with a full bucket. */
const REMEMBERED = 10_000;

/** A token bucket for each key, in this process. */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(private readonly rate: BucketRate) {}

  /** Takes a token. Returns 0, or the milliseconds until there is one. */
  take(key: string, nowMs: number): number {
    const { perSecond, burst } = this.rate;
    const bucket = this.buckets.get(key) ?? this.open(key, nowMs);
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
    bucket.tokens--;
    return 0;
  }

  private open(key: string, nowMs: number): { tokens: number; atMs: number } {
    const bucket = { tokens: this.rate.burst, atMs: nowMs };
    this.buckets.set(key, bucket);
    const oldest = this.buckets.keys().next();
    if (this.buckets.size > REMEMBERED && !oldest.done) this.buckets.delete(oldest.value);
    return bucket;
  }
}
