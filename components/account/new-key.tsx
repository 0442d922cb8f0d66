"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CheckBox } from "@/components/ui/check-box";
import { Field, Input } from "@/components/ui/field";
import type { Scope } from "@/lib/auth/access";
import { OnceDialog } from "./once-dialog";
import { SCOPE_TEXT } from "./scope-text";
import { SendForm } from "./send-form";

/** Makes a key; the dialog then shows it, the only time. */
export function NewKey({ onDone }: { onDone: () => void }) {
  return (
    <OnceDialog
      title="New API key"
      madeTitle="Your new API key"
      what="key"
      advice="This is the only time the key is shown: only a hash of it is stored. Keep it where your app reads its secrets."
      onDone={onDone}
      form={(onMade) => <NewKeyForm onKey={onMade} />}
      trigger={
        <Button kind="primary">
          <Plus size={15} aria-hidden /> New key
        </Button>
      }
    />
  );
}

function NewKeyForm({ onKey }: { onKey: (key: string) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["ingest"]);
  const toggle = (scope: Scope, on: boolean) =>
    setScopes((before) => (on ? [...before, scope] : before.filter((s) => s !== scope)));
  return (
    <SendForm<{ key: string }>
      place="dialog"
      path="/api/v1/keys"
      body={() => ({ name, scopes })}
      verb="Make the key"
      incomplete={scopes.length === 0 || name.trim() === ""}
      onDone={({ key }) => onKey(key)}
    >
      <Field label="Name" hint="Where the key will be: “shop, production”.">
        <Input name="name" required maxLength={100} autoComplete="off" value={name} onValueChange={setName} />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-table font-medium">What it may do</legend>
        {SCOPE_TEXT.map(([scope, text]) => (
          <ScopeBox key={scope} text={text} scope={scope} on={scopes.includes(scope)} toggle={toggle} />
        ))}
      </fieldset>
    </SendForm>
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
    <label className="flex cursor-pointer items-start gap-2.5 text-table touch:min-h-11">
      <span className="mt-0.5">
        <CheckBox checked={on} onChange={(next) => toggle(scope, next)} />
      </span>
      <span>
        <span className="font-mono text-small">{scope}</span> <span className="text-muted">{text}</span>
      </span>
    </label>
  );
}
