"use client";
import { useState, type FormEvent } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

/** Changes the password; every other session of this person ends. */
export function PasswordForm() {
  const { busy, failure, waitSeconds, run } = useSend();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [done, setDone] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    if (!(await run("POST", "/api/auth/password", { current, next }))) return;
    setCurrent("");
    setNext("");
    setDone(true);
  };
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex max-w-sm flex-col gap-4">
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      {done && <Banner tone="good">The password is changed. Every other session of yours has ended.</Banner>}
      <Field label="Current password">
        <Input
          name="current"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onValueChange={setCurrent}
        />
      </Field>
      <Field label="New password" hint="At least 8 characters; 15 or more are better.">
        <Input
          name="next"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={128}
          value={next}
          onValueChange={setNext}
        />
      </Field>
      <div>
        <Button type="submit" kind="primary" disabled={busy || waitSeconds > 0}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
