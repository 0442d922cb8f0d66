"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { send } from "@/components/account/send";
import type { PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import type { Changes } from "./draft";
import type { Place } from "./place";
import { CANDIDATES, placeSearch, SETTINGS } from "./prefill-search";

/** A change that did not happen. */
export interface ChangeFailure {
  message: string;
  /** Whether it is because nobody is signed in any more. */
  signedOut: boolean;
}

export interface ChangingSettings {
  busy: boolean;
  failure: ChangeFailure | null;
  /** Changes settings; `false` when it failed (then `failure` says why) or another change is under way. */
  change: (changes: Changes) => Promise<boolean>;
  clear: () => void;
}

const SIGNED_OUT = "Your session has ended. Nothing was changed.";

/** Changes the settings of a place, one change at a time; the page shows them as soon as the server has them. */
export function useChangeSettings(place: Place): ChangingSettings {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ChangeFailure | null>(null);
  // A second press may come before the first one's state is drawn: only a ref already knows then.
  const sending = useRef(false);
  const search = placeSearch(place);
  const change = useCallback(
    async (changes: Changes) => {
      if (sending.current) return false;
      sending.current = true;
      setBusy(true);
      const sent = await send<PrefillSettingsAnswer>("PATCH", `/api/v1/prefill/settings?${search}`, changes);
      sending.current = false;
      setBusy(false);
      const signedOut = !sent.done && sent.status === 401;
      setFailure(sent.done ? null : { signedOut, message: signedOut ? SIGNED_OUT : sent.message });
      if (!sent.done) return false;
      await client.cancelQueries({ queryKey: [SETTINGS, search] });
      client.setQueryData([SETTINGS, search], sent.data);
      void client.invalidateQueries({ queryKey: [CANDIDATES] });
      return true;
    },
    [client, search],
  );
  const clear = useCallback(() => setFailure(null), []);
  return { busy, failure, change, clear };
}
