"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonLook } from "./button";
import { copyText } from "./copy-text";

interface CopyButtonProps extends ButtonLook {
  /** The text, or what makes it when it is asked for. */
  text: string | (() => string);
  /** Said on the button; without it there is only the icon, and `label` names it. */
  children?: string;
  label: string;
}

export function CopyButton({ text, children, label, kind = "quiet", size = "small" }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    void copyText(typeof text === "string" ? text : text()).then((done) => setState(done ? "copied" : "failed"));
  const Icon = state === "copied" ? Check : Copy;
  return (
    <Button
      kind={kind}
      size={size}
      onClick={copy}
      aria-label={children === undefined ? label : undefined}
      title={label}
    >
      <Icon size={14} aria-hidden />
      {children !== undefined && <span>{state === "copied" ? "Copied" : children}</span>}
      <span role="status" className="sr-only">
        {state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : ""}
      </span>
    </Button>
  );
}
