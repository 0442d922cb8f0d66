"use client";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

/** @param to where to go afterwards: an address of this server */
export function SignInForm({ to }: { to: string }) {
  const { busy, failure, waitSeconds, run } = useSend();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run("POST", "/api/auth/sign-in", { email, password })) window.location.assign(to);
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
          autoFocus
          value={email}
          onValueChange={setEmail}
        />
      </Field>
      <Field label="Password">
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onValueChange={setPassword}
        />
      </Field>
      <Button type="submit" kind="primary" className="h-9 w-full" disabled={busy || waitSeconds > 0}>
        {busy ? "Signing in…" : "Sign in"}
      </Button>
      <p className="text-small text-muted">
        No account, or the password is lost? Somebody who can sign in can invite you (again) under Settings, Users.
      </p>
    </form>
  );
}
