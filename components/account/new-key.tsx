"use client";
import { Checkbox } from "@base-ui/react/checkbox";
import { Check, Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import type { Scope } from "@/lib/auth/access";
import { FailureBanner } from "./failure-banner";
import { SCOPE_TEXT } from "./scope-text";
import { ShownOnce } from "./shown-once";
import { useSend } from "./use-send";

/** Makes a key; the dialog then shows it, the only time. */
export function NewKey({ onDone }: { onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState<string>();
  const change = (next: boolean) => {
    setOpen(next);
    if (!next && key !== undefined) onDone();
    if (next) setKey(undefined);
  };
  return (
    <Dialog
      title={key === undefined ? "New API key" : "Your new API key"}
      open={open}
      onOpenChange={change}
      trigger={
        <Button kind="primary">
          <Plus size={15} aria-hidden /> New key
        </Button>
      }
      footer={key === undefined ? undefined : <DialogClose>Done</DialogClose>}
    >
      {key === undefined ? (
        <NewKeyForm onKey={setKey} />
      ) : (
        <ShownOnce text={key} what="key">
          This is the only time the key is shown: only a hash of it is stored. Keep it where your app reads its secrets.
        </ShownOnce>
      )}
    </Dialog>
  );
}

function NewKeyForm({ onKey }: { onKey: (key: string) => void }) {
  const { busy, failure, waitSeconds, run } = useSend();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["ingest"]);
  const toggle = (scope: Scope, on: boolean) =>
    setScopes((before) => (on ? [...before, scope] : before.filter((s) => s !== scope)));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const made = await run<{ key: string }>("POST", "/api/v1/keys", { name, scopes });
    if (made) onKey(made.data.key);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      <Field label="Name" hint="Where the key will be: “shop, production”.">
        <Input name="name" required maxLength={100} autoComplete="off" value={name} onValueChange={setName} />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-table font-medium">What it may do</legend>
        {SCOPE_TEXT.map(([scope, text]) => (
          <ScopeBox key={scope} text={text} scope={scope} on={scopes.includes(scope)} toggle={toggle} />
        ))}
      </fieldset>
      <div className="flex justify-end gap-2">
        <DialogClose>Cancel</DialogClose>
        <Button type="submit" kind="primary" disabled={busy || scopes.length === 0 || name.trim() === ""}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

interface ScopeBoxProps {
  scope: Scope;
  text: string;
  on: boolean;
  toggle: (scope: Scope, on: boolean) => void;
}

function ScopeBox({ scope, text, on, toggle }: ScopeBoxProps) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5 text-table">
      <Checkbox.Root
        checked={on}
        onCheckedChange={(next) => toggle(scope, next)}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded border border-line bg-surface data-checked:border-transparent data-checked:bg-fill data-checked:text-on-fill"
      >
        <Checkbox.Indicator>
          <Check size={12} strokeWidth={3} aria-hidden />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span>
        <span className="font-mono text-small">{scope}</span> <span className="text-muted">{text}</span>
      </span>
    </label>
  );
}
