/** What doctor says of one thing. `next` tells what to do about it, and is there whenever something is to be done. */
export interface Finding {
  check: string;
  state: "ok" | "warn" | "fail";
  says: string;
  next?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, state: "ok", says });
export const warn = (check: string, says: string, next: string): Finding => ({ check, state: "warn", says, next });
export const fail = (check: string, says: string, next: string): Finding => ({ check, state: "fail", says, next });

/** The findings about what is not as it should be, or one that says all is well. */
export const orOk = (findings: readonly Finding[], check: string, says: string): Finding[] =>
  findings.length > 0 ? [...findings] : [ok(check, says)];

/** "1.5 GB", "200 MB". */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}

/** "40 s", "12 min", "3 h", "5 days". */
export function timeText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
