"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, Input } from "@/components/ui/field";
import { PageHeader } from "@/components/ui/page-header";
import { Arrival, type ArrivalAnswer } from "./arrival";
import { CodeBlock } from "./code-block";
import { environmentLines, FRAMEWORKS, SNIPPETS } from "./snippets";

interface StartPageProps {
  /** The address of this server as apps reach it. */
  url: string;
  /** What had arrived when the page was read. */
  known: ArrivalAnswer;
}

interface FreshKey {
  id: string;
  key: string;
}

/** From nothing to the first request: a key, one line, and word when it arrives. */
export function StartPage({ url, known }: StartPageProps) {
  const [service, setService] = useState("my-app");
  const [fresh, setFresh] = useState<FreshKey | null>(null);
  const name = service.trim() || "my-app";
  return (
    <div className="max-w-3xl">
      <PageHeader title="Connect an app" note="three steps, one line of code" />
      <div className="flex flex-col gap-4">
        <KeyStep {...{ url, service, setService, fresh }} onKey={setFresh} />
        <MountStep url={url} service={name} />
        <Card title="3. See it arrive" note="a request is here within 15 s of its end">
          <Arrival known={known} keyId={fresh?.id ?? null} />
        </Card>
      </div>
    </div>
  );
}

interface KeyStepProps {
  url: string;
  service: string;
  setService: (service: string) => void;
  fresh: FreshKey | null;
  onKey: (fresh: FreshKey) => void;
}

function KeyStep({ url, service, setService, fresh, onKey }: KeyStepProps) {
  const { busy, failure, waitSeconds, run } = useSend();
  const make = async () => {
    const wanted = { name: `${service.trim() || "my-app"}, from Start`.slice(0, 100), scopes: ["ingest"] };
    const made = await run<FreshKey>("POST", "/api/v1/keys", wanted);
    if (made) onKey(made.data);
  };
  return (
    <Card title="1. Give the app a key" note="it may send, and read what prefill plans; nothing else">
      <div className="flex flex-col gap-3">
        <FailureBanner failure={failure} waitSeconds={waitSeconds} />
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-56">
            <Field label="Name of the service">
              <Input value={service} maxLength={80} autoComplete="off" onValueChange={setService} />
            </Field>
          </div>
          <Button kind={fresh ? "plain" : "primary"} className="h-9" disabled={busy} onClick={() => void make()}>
            {fresh ? "Make another key" : "Make a key"}
          </Button>
        </div>
        <CodeBlock text={environmentLines({ url, key: fresh?.key ?? null })} label="the environment" />
        <p className="text-small text-muted">
          {fresh
            ? "The key is shown this once: only a hash of it is stored. These lines go into the app's environment."
            : "These lines go into the app's environment. Without them the middleware does nothing."}
        </p>
      </div>
    </Card>
  );
}

const parser = parseAsStringLiteral(FRAMEWORKS).withDefault("express");

function MountStep({ url, service }: { url: string; service: string }) {
  const [framework, setFramework] = useQueryState("framework", parser);
  const snippet = SNIPPETS[framework];
  return (
    <Card title="2. Mount the middleware" note={snippet.where}>
      <div className="flex flex-col gap-3">
        <div role="radiogroup" aria-label="Framework" className="flex flex-wrap gap-1">
          {FRAMEWORKS.map((name) => (
            <Button
              key={name}
              role="radio"
              size="small"
              kind="quiet"
              aria-checked={name === framework}
              className="text-text aria-checked:bg-accent-soft aria-checked:font-medium"
              onClick={() => void setFramework(name)}
            >
              {SNIPPETS[name].label}
            </Button>
          ))}
        </div>
        <CodeBlock text={`npm install ${url}/sdk.tgz`} label="the command" />
        <CodeBlock text={snippet.code(service)} label="the code" />
        <p className="text-small text-muted">
          <code className="font-mono">user</code> gives your own id of who asks; without it there are no users in the
          tail.
        </p>
      </div>
    </Card>
  );
}
