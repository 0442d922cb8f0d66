"use client";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

interface NewAccountFormProps {
  token: string;
  /** The address that was invited; without it the form asks for one. */
  invited?: string;
  /** Where the account is made. */
  path: "/api/auth/setup" | "/api/auth/invite";
}

/** Makes an account by a one-time link and goes to the dashboard, signed in. */
export function NewAccountForm({ token, invited, path }: NewAccountFormProps) {
  const { busy, failure, waitSeconds, run } = useSend();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const account = invited === undefined ? { token, email, password } : { token, password };
    if (await run("POST", path, account)) window.location.assign(invited === undefined ? "/start" : "/");
  };
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      <Field label="E-mail">
        <Input
          name="email"
          type="email"
          autoComplete="username"
          required
          autoFocus={invited === undefined}
          readOnly={invited !== undefined}
          value={invited ?? email}
          onValueChange={setEmail}
        />
      </Field>
      <Field label="Password" hint="At least 8 characters; 15 or more are better. A few words will do.">
        <Input
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={128}
          autoFocus={invited !== undefined}
          value={password}
          onValueChange={setPassword}
        />
      </Field>
      <Button type="submit" kind="primary" className="h-9 w-full" disabled={busy}>
        {busy ? "Making the account…" : "Make the account"}
      </Button>
    </form>
  );
}
