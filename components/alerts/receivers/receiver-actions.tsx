"use client";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import { shortName } from "../short-name";
import { EditReceiver } from "./edit-receiver";
import { RemoveReceiver } from "./remove-receiver";
import { RotateSecret } from "./rotate-secret";
import { SwitchReceiver } from "./switch-receiver";
import { TestReceiver } from "./test-receiver";

/** What each dialog of a row is given. */
export interface ActionProps {
  receiver: BoardReceiver;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Called when something was changed. */
  onDone: () => void;
}

type Action = "edit" | "rotate" | "switch" | "remove";

interface ReceiverActionsProps {
  receiver: BoardReceiver;
  mails: boolean;
  onDone: () => void;
}

/** What can be done with a receiver: the test beside its row, the rest in a menu. */
export function ReceiverActions({ receiver, mails, onDone }: ReceiverActionsProps) {
  const [action, setAction] = useState<Action | null>(null);
  const propsOf = (own: Action): ActionProps => ({
    receiver,
    onDone,
    open: action === own,
    onOpenChange: (open) => setAction(open ? own : null),
  });
  return (
    <div className="flex justify-end gap-1.5">
      <TestReceiver receiver={receiver} onDone={onDone} />
      <Menu
        align="end"
        trigger={
          <Button size="small" kind="quiet" aria-label={`More about ${shortName(receiver.name)}`}>
            <Ellipsis size={15} aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAction("edit")}>Edit</MenuItem>
        {receiver.kind === "webhook" && <MenuItem onSelect={() => setAction("rotate")}>New secret</MenuItem>}
        <MenuItem onSelect={() => setAction("switch")}>{receiver.enabled ? "Switch off" : "Switch on"}</MenuItem>
        <MenuItem danger onSelect={() => setAction("remove")}>
          Remove
        </MenuItem>
      </Menu>
      {action === "edit" && <EditReceiver {...propsOf("edit")} mails={mails} />}
      {action === "rotate" && <RotateSecret {...propsOf("rotate")} />}
      {action === "switch" && <SwitchReceiver {...propsOf("switch")} />}
      {action === "remove" && <RemoveReceiver {...propsOf("remove")} />}
    </div>
  );
}
