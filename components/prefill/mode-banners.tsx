"use client";
import { formatMoment } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Banner } from "@/components/ui/banner";
import type { PrefillIncident, PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import { ChangeFailure } from "./change-failure";
import type { ChangingSettings } from "./use-change-settings";

interface ModeBannersProps {
  settings: PrefillSettingsAnswer;
  incidents: readonly PrefillIncident[];
  changing: ChangingSettings;
}

/** What keeps it from filling, and why: it switched itself off, somebody stopped it, or a change went wrong. */
export function ModeBanners({ settings, incidents, changing }: ModeBannersProps) {
  const zone = useZone();
  const open = incidents.filter(({ closedAt }) => closedAt === null);
  const moment = (at: string) => formatMoment(Date.parse(at), zone);
  return (
    <>
      {changing.failure && <ChangeFailure failure={changing.failure} clear={changing.clear} />}
      {settings.mode !== "fill" &&
        open.map(({ id, openedAt, why }) => (
          <Banner key={id} tone="bad" title={`Filling switched itself off, ${moment(openedAt)}.`}>
            {why} It observes since then; what is cached stays. Once the cause is found, press Fill to start again.
          </Banner>
        ))}
      {settings.mode === "stop" && (
        <Banner tone="warn" title={`Stopped, ${moment(settings.modeSince)}${by(settings.changedBy)}.`}>
          Apps decide nothing and fill nothing; what is cached stays until it expires. Observe or Fill starts again.
        </Banner>
      )}
    </>
  );
}

const by = (who: string | null): string => (who === null ? "" : ` by ${who}`);
