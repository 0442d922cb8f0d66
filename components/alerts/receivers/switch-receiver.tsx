"use client";
import { Confirm } from "@/components/account/confirm";
import { shortName } from "../short-name";
import type { ActionProps } from "./receiver-actions";

/** Switches a receiver off or on, and says what that does to its messages. */
export function SwitchReceiver({ receiver, ...dialog }: ActionProps) {
  const { id, name, enabled } = receiver;
  const change = { method: "PATCH", path: `/api/v1/alerts/receivers/${id}` } as const;
  if (enabled)
    return (
      <Confirm
        {...dialog}
        {...change}
        title={`Switch off “${shortName(name)}”?`}
        verb="Switch off"
        body={{ enabled: false }}
      >
        It is told nothing from now on, and what waits for it fails. The log keeps all of it: once it is switched on
        again, single messages can be sent again.
      </Confirm>
    );
  return (
    <Confirm
      {...dialog}
      {...change}
      kind="primary"
      title={`Switch on “${shortName(name)}”?`}
      verb="Switch on"
      body={{ enabled: true }}
    >
      It is told what happens from now on. What failed meanwhile is not sent by itself: send again what you want under
      Deliveries.
    </Confirm>
  );
}
