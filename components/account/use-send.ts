"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { send, type Method, type Sent } from "./send";

type Failure = Extract<Sent<never>, { done: false }>;

interface Sending {
  busy: boolean;
  failure: Failure | undefined;
  /** Seconds until the server takes another try; 0 when it does now. */
  waitSeconds: number;
  /** Sends; gives the answer's data, or null when it failed (then `failure` says why) or another change is under way. */
  run: <T>(method: Method, path: string, body?: unknown) => Promise<{ data: T } | null>;
  clear: () => void;
}

/**
 * One change at a time, with its failure, and with the wait that the server asked for counted down.
 * @param leaves whether a change that went well leads to another page: until that is there nothing is sent again
 */
export function useSend({ leaves = false }: { leaves?: boolean } = {}): Sending {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [waitSeconds, setWaitSeconds] = useState(0);
  // A second press may come before the first one's state is drawn: only a ref already knows then.
  const sending = useRef(false);
  useEffect(() => {
    if (waitSeconds <= 0) return;
    const timer = setTimeout(() => setWaitSeconds(waitSeconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [waitSeconds]);
  const run = useCallback(
    async <T>(method: Method, path: string, body?: unknown) => {
      if (sending.current) return null;
      sending.current = true;
      setBusy(true);
      const sent = await send<T>(method, path, body);
      sending.current = sent.done && leaves;
      setBusy(sending.current);
      setFailure(sent.done ? undefined : sent);
      setWaitSeconds(sent.done ? 0 : (sent.waitSeconds ?? 0));
      return sent.done ? { data: sent.data } : null;
    },
    [leaves],
  );
  const clear = useCallback(() => setFailure(undefined), []);
  return { busy, failure, waitSeconds, run, clear };
}
