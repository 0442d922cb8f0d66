"use client";
import type { FormEvent, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { classes } from "@/components/ui/classes";
import { DialogClose } from "@/components/ui/dialog";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

interface SendFormProps<T> {
  /** Where it is sent to, by POST unless it is a change, and what. */
  path: string;
  method?: "POST" | "PATCH";
  body: () => unknown;
  /** Called with the answer when it went well. */
  onDone: (data: T) => void;
  /** On the button, and while it is under way. */
  verb: string;
  doing?: string;
  /** `page`: one wide button; `dialog`: beside Cancel at the right; `card`: at the left. */
  place: "page" | "dialog" | "card";
  /** Whether what is filled in cannot be sent yet. */
  incomplete?: boolean;
  /** Whether going well leads to another page. */
  leaves?: boolean;
  children: ReactNode;
}

/** Fields that are sent together, once: what goes wrong stands above them, and what was typed stays. */
export function SendForm<T = undefined>(props: SendFormProps<T>) {
  const {
    path,
    method = "POST",
    body,
    onDone,
    verb,
    doing = verb,
    place,
    incomplete = false,
    leaves = false,
    children,
  } = props;
  const { busy, failure, waitSeconds, run } = useSend({ leaves });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const sent = await run<T>(method, path, body());
    if (sent) onDone(sent.data);
  };
  const button = (
    <Button
      type="submit"
      kind="primary"
      className={place === "page" ? "h-9 w-full" : ""}
      disabled={busy || waitSeconds > 0 || incomplete}
    >
      {busy ? doing : verb}
    </Button>
  );
  return (
    <form
      method="post"
      onSubmit={(event) => void submit(event)}
      className={classes("flex flex-col gap-4", place === "card" && "max-w-sm")}
    >
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      {children}
      <div className={classes("flex gap-2", place === "dialog" && "justify-end")}>
        {place === "dialog" && <DialogClose>Cancel</DialogClose>}
        {button}
      </div>
    </form>
  );
}
