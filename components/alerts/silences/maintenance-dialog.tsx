"use client";
import { useState } from "react";
import { SendForm } from "@/components/account/send-form";
import { useZone } from "@/components/shell/clock";
import { Choice } from "@/components/ui/choice";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { shortName } from "../short-name";
import {
  maintenanceChanges,
  maintenanceDraftOf,
  newMaintenance,
  newMaintenanceDraft,
  REPEATS,
  type MaintenanceDraft,
} from "./maintenance-draft";
import type { Maintenance } from "./mute-draft";
import { PatternFields } from "./pattern-fields";
import { TimeField } from "./time-field";

interface MaintenanceDialogProps {
  /** The one that is changed; without it a new one is made. */
  window?: Maintenance;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
  /** Now by the server's clock, Unix ms. */
  now: () => number;
}

/** Plans maintenance, or changes it. */
export function MaintenanceDialog({ window, open, onOpenChange, onDone, now }: MaintenanceDialogProps) {
  const done = () => {
    onOpenChange(false);
    onDone();
  };
  return (
    <Dialog
      wide
      title={window ? `Edit “${shortName(window.name)}”` : "New maintenance"}
      description="At these times nothing is told of what it mutes."
      open={open}
      onOpenChange={onOpenChange}
    >
      <MaintenanceForm {...(window ? { window } : {})} now={now} onDone={done} />
    </Dialog>
  );
}

function MaintenanceForm({ window, now, onDone }: Pick<MaintenanceDialogProps, "window" | "now" | "onDone">) {
  const zone = useZone();
  const [draft, setDraft] = useState(() =>
    window ? maintenanceDraftOf(window, zone) : newMaintenanceDraft({ nowMs: now(), zone }),
  );
  const change = (changes: Partial<MaintenanceDraft>) => setDraft((before) => ({ ...before, ...changes }));
  return (
    <SendForm
      place="dialog"
      method={window ? "PATCH" : "POST"}
      path={`/api/v1/alerts/maintenance${window ? `/${window.id}` : ""}`}
      body={() => (window ? maintenanceChanges(window, draft, zone) : newMaintenance(draft, zone))}
      verb={window ? "Save" : "Plan it"}
      doing="Saving…"
      onDone={onDone}
    >
      <Field label="Name">
        <Input
          name="name"
          required
          maxLength={200}
          autoComplete="off"
          placeholder="the nightly import"
          value={draft.name}
          onValueChange={(name) => change({ name })}
        />
      </Field>
      <PatternFields patterns={draft.patterns} change={(patterns) => change({ patterns })} />
      <Times draft={draft} change={change} />
    </SendForm>
  );
}

interface TimesProps {
  draft: MaintenanceDraft;
  change: (changes: Partial<MaintenanceDraft>) => void;
}

function Times({ draft, change }: TimesProps) {
  return (
    <>
      <div className="flex flex-col items-start gap-1.5">
        <span className="text-table font-medium">How often</span>
        <Choice label="How often" options={REPEATS} value={draft.repeats} onChange={(repeats) => change({ repeats })} />
        {draft.repeats !== "once" && (
          <span className="text-small text-muted">
            At the same time in UTC: where clocks change with the season, it is an hour earlier or later then.
          </span>
        )}
      </div>
      <div className="grid grid-cols-1 gap-3 phone:grid-cols-2">
        <TimeField label="From" name="from" required value={draft.from} onChange={(from) => change({ from })} />
        <TimeField label="To" name="to" required value={draft.to} onChange={(to) => change({ to })} />
        {draft.repeats !== "once" && (
          <TimeField
            label="No more after"
            name="until"
            hint="Left empty: for ever."
            value={draft.until}
            onChange={(until) => change({ until })}
          />
        )}
      </div>
    </>
  );
}
