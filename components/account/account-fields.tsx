"use client";
import { Field, Input } from "@/components/ui/field";

interface EmailFieldProps {
  value: string;
  /** Without it the address is fixed. */
  onChange?: (value: string) => void;
}

/** The address that somebody signs in with. */
export function EmailField({ value, onChange }: EmailFieldProps) {
  return (
    <Field label="E-mail">
      <Input
        name="email"
        type="email"
        autoComplete="username"
        required
        autoFocus={onChange !== undefined}
        readOnly={onChange === undefined}
        value={value}
        {...(onChange && { onValueChange: onChange })}
      />
    </Field>
  );
}

interface NewPasswordFieldProps {
  label?: string;
  name?: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

/** A password to be chosen; the server says what is wrong with one. */
export function NewPasswordField(props: NewPasswordFieldProps) {
  const { label = "Password", name = "password", value, onChange, autoFocus = false } = props;
  return (
    <Field label={label} hint="At least 8 characters; 15 or more are better. A few words will do.">
      <Input
        name={name}
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={128}
        autoFocus={autoFocus}
        value={value}
        onValueChange={onChange}
      />
    </Field>
  );
}
