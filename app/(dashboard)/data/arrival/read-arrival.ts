import type { ArrivalAnswer } from "@/components/start/arrival";
import { listApiKeys } from "@/lib/auth/api-keys";
import { db, services } from "@/lib/query";

/** Who has sent something, and when a key was last used. */
export async function readArrival(keyId: string | null): Promise<ArrivalAnswer> {
  const [known, keys] = await Promise.all([services(db(), Date.now()), keyId === null ? [] : listApiKeys()]);
  const usedAt = keys.find(({ id }) => id === keyId)?.lastUsedAt ?? null;
  return { ...known, readAt: Date.now(), keyUsedAt: usedAt?.toISOString() ?? null };
}
