"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Button } from "@/components/ui/button";

const parser = parseAsStringLiteral(["linear", "log"]).withDefault("linear");

/** Whether latency is drawn on a log axis; kept in the address. */
export function useLogScale(): [boolean, (log: boolean) => void] {
  const [scale, setScale] = useQueryState("scale", parser);
  return [scale === "log", (log) => void setScale(log ? "log" : "linear")];
}

export function ScaleSwitch({ log, onChange }: { log: boolean; onChange: (log: boolean) => void }) {
  return (
    <Button
      kind="quiet"
      size="small"
      aria-pressed={log}
      title={log ? "Latency on a log axis; press for linear" : "Latency on a linear axis; press for log"}
      className="px-1.5 aria-pressed:text-text"
      onClick={() => onChange(!log)}
    >
      {log ? "log" : "linear"}
    </Button>
  );
}
