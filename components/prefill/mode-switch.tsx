"use client";
import { Square } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { classes } from "@/components/ui/classes";
import type { PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import { FillDialog, type FillPlan } from "./fill-dialog";
import type { Place } from "./place";
import { useChangeSettings, type ChangingSettings } from "./use-change-settings";

interface ModeSwitchProps {
  settings: PrefillSettingsAnswer;
  changing: ChangingSettings;
  place: Place;
  /** What filling would do as the page shows it. */
  plan: FillPlan;
}

/** Observe, fill, stop. Filling is asked about first; stopping acts at once. */
export function ModeSwitch({ settings: { mode }, changing, place, plan }: ModeSwitchProps) {
  const [asking, setAsking] = useState(false);
  const { busy, change } = changing;
  const starting = useChangeSettings(place); // its failures stand in the dialog
  const ask = () => {
    starting.clear();
    setAsking(true);
  };
  return (
    <div className="flex items-center gap-2">
      <div role="group" aria-label="Mode" className="inline-flex">
        <Button
          aria-pressed={mode === "observe"}
          disabled={busy}
          title="Decisions are logged and judged; nothing is filled"
          className={classes("rounded-r-none", mode === "observe" && "bg-accent-soft! font-medium")}
          onClick={() => void (mode !== "observe" && change({ mode: "observe" }))}
        >
          Observe
        </Button>
        <Button
          kind={mode === "fill" ? "primary" : "plain"}
          aria-pressed={mode === "fill"}
          disabled={busy}
          title="Values are computed in the background before people come"
          className="-ml-px rounded-l-none"
          onClick={() => mode !== "fill" && ask()}
        >
          Fill{mode !== "fill" && "…"}
        </Button>
      </div>
      <Button
        kind={mode === "fill" ? "danger" : "plain"}
        disabled={busy || mode === "stop"}
        title="Nothing is decided and nothing filled, within 2 seconds"
        onClick={() => void change({ mode: "stop" })}
      >
        <Square size={12} aria-hidden fill="currentColor" />
        {mode === "stop" ? "Stopped" : "Stop all fills"}
      </Button>
      <FillDialog open={asking} onOpenChange={setAsking} changing={starting} plan={plan} />
    </div>
  );
}
