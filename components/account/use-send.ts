"use client";
import { useCallback, useEffect, useState } from "react";
import { send, type Sent } from "./send";

type Failure = Extract<Sent<never>, { done: false }>;

interface Sending {
  busy: boolean;
  failure: Failure | undefined;
  /** Seconds until the server takes another try; 0 when it does now. */
  waitSeconds: number;
  /** Sends; gives the answer's data, or null when it failed (then `failure` says why). */
  run: <T>(method: "POST" | "DELETE", path: string, body?: unknown) => Promise<{ data: T } | null>;
  clear: () => void;
}

/** One change at a time, with its failure, and with the wait that the server asked for counted down. */
export function useSend(): Sending {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [waitSeconds, setWaitSeconds] = useState(0);
  useEffect(() => {
    if (waitSeconds <= 0) return;
    const timer = setTimeout(() => setWaitSeconds(waitSeconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [waitSeconds]);
  const run = useCallback(async <T>(method: "POST" | "DELETE", path: string, body?: unknown) => {
    setBusy(true);
    const sent = await send<T>(method, path, body);
    setBusy(false);
    setFailure(sent.done ? undefined : sent);
    setWaitSeconds(sent.done ? 0 : (sent.waitSeconds ?? 0));
    return sent.done ? { data: sent.data } : null;
  }, []);
  const clear = useCallback(() => setFailure(undefined), []);
  return { busy, failure, waitSeconds, run, clear };
}
