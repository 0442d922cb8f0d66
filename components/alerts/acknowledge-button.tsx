"use client";
import { Button, type ButtonLook } from "@/components/ui/button";
import { useSend } from "@/components/account/use-send";

interface AcknowledgeProps extends ButtonLook {
  incident: string;
  onDone: () => void;
}

/** Says that one looks after an incident: it is repeated no more. What goes wrong is said in its place. */
export function AcknowledgeButton({ incident, onDone, ...look }: AcknowledgeProps) {
  const { busy, failure, run } = useSend();
  const act = async () => {
    if (await run("POST", `/api/v1/alerts/incidents/${incident}/acknowledge`)) onDone();
  };
  return (
    <span className="relative z-10 inline-flex items-center gap-2">
      {failure && (
        <span role="alert" className="max-w-60 text-small whitespace-normal text-server">
          {failure.message}
        </span>
      )}
      <Button {...look} disabled={busy} title="You look after it: it is repeated no more" onClick={() => void act()}>
        Acknowledge
      </Button>
    </span>
  );
}
