"use client";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import { EmailField } from "./account-fields";
import { SendForm } from "./send-form";

/** @param to where to go afterwards: an address of this server */
export function SignInForm({ to }: { to: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <>
      <SendForm
        place="page"
        leaves
        path="/api/auth/sign-in"
        body={() => ({ email, password })}
        verb="Sign in"
        doing="Signing in…"
        onDone={() => window.location.assign(to)}
      >
        <EmailField value={email} onChange={setEmail} />
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
      </SendForm>
      <LostPassword />
    </>
  );
}

function LostPassword() {
  return (
    <details className="mt-4 text-small text-muted">
      <summary className="cursor-pointer rounded hover:text-text touch:leading-11">
        No account, or password lost?
      </summary>
      <p className="mt-1">
        No account: somebody who has one can invite you under Settings, Users. Password lost: on the machine that
        tailfill runs on, in its folder,
      </p>
      <code className="mt-1 block rounded-md border border-line bg-sunken px-2 py-1 font-mono break-all select-all">
        node dist/cli.js link --email you@example.com
      </code>
      <p className="mt-1">prints a link by which you choose a new one.</p>
    </details>
  );
}
