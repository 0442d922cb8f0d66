"use client";
import { useState } from "react";
import { EmailField, NewPasswordField } from "./account-fields";
import { SendForm } from "./send-form";

interface NewAccountFormProps {
  token: string;
  /** The address that was invited; without it the form asks for one. */
  invited?: string;
  /** Where the account is made. */
  path: "/api/auth/setup" | "/api/auth/invite";
}

/** Makes an account by a one-time link and goes to the dashboard, signed in. */
export function NewAccountForm({ token, invited, path }: NewAccountFormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <SendForm
      place="page"
      leaves
      path={path}
      body={() => (invited === undefined ? { token, email, password } : { token, password })}
      verb="Make the account"
      doing="Making the account…"
      onDone={() => window.location.assign(invited === undefined ? "/start" : "/")}
    >
      {invited === undefined ? <EmailField value={email} onChange={setEmail} /> : <EmailField value={invited} />}
      <NewPasswordField value={password} onChange={setPassword} autoFocus={invited !== undefined} />
    </SendForm>
  );
}
