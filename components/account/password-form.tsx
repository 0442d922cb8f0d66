"use client";
import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Field, Input } from "@/components/ui/field";
import { NewPasswordField } from "./account-fields";
import { SendForm } from "./send-form";

/** Changes the password; every other session of this person ends. */
export function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [done, setDone] = useState(false);
  const finish = () => {
    setCurrent("");
    setNext("");
    setDone(true);
  };
  return (
    <SendForm
      place="card"
      path="/api/auth/password"
      body={() => {
        setDone(false);
        return { current, next };
      }}
      verb="Change the password"
      onDone={finish}
    >
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
      <NewPasswordField label="New password" name="next" value={next} onChange={setNext} />
    </SendForm>
  );
}
