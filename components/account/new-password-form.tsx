"use client";
import { useState } from "react";
import { EmailField, NewPasswordField } from "./account-fields";
import { SendForm } from "./send-form";

/** Replaces a lost password by a one-time link and goes to the dashboard, signed in. */
export function NewPasswordForm({ token, email }: { token: string; email: string }) {
  const [password, setPassword] = useState("");
  return (
    <SendForm
      place="page"
      leaves
      path="/api/auth/new-password"
      body={() => ({ token, password })}
      verb="Set the password"
      doing="Setting the password…"
      onDone={() => window.location.assign("/")}
    >
      <EmailField value={email} />
      <NewPasswordField label="New password" value={password} onChange={setPassword} autoFocus />
    </SendForm>
  );
}
