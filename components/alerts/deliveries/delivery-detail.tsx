"use client";
import type { ReactNode } from "react";
import { shownText } from "@/components/format/shown";
import { formatMomentExactly } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { CopyButton } from "@/components/ui/copy-button";
import { Dot } from "../dot";
import { tookText } from "../took-text";
import { readableBody, requestHead, shownLines } from "./request-text";
import { ResendButton } from "./resend-button";
import type { Delivery } from "./use-deliveries";

type Attempt = Delivery["log"][number];

/** What was sent, and what came back at each attempt. */
export function DeliveryDetail({ delivery }: { delivery: Delivery }) {
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-4 bg-sunken px-4 py-4 wide:grid-cols-2">
      <Part title="Attempts">
        {delivery.why !== null && <p className="text-table">Not sent: {delivery.why}.</p>}
        {delivery.log.length === 0 && delivery.why === null && (
          <p className="text-table text-muted">None yet: it is sent within two seconds of being due.</p>
        )}
        <ol className="flex flex-col gap-2.5">
          {delivery.log.map((attempt, index) => (
            <AttemptLine key={index} attempt={attempt} />
          ))}
        </ol>
        <ResendButton delivery={delivery} />
      </Part>
      <Part title="Request">
        <RequestShown delivery={delivery} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-2.5">
      <h3 className="text-small font-medium text-muted">{title}</h3>
      {children}
    </section>
  );
}

function AttemptLine({ attempt: { at, tookMs, status, error, answer, address } }: { attempt: Attempt }) {
  const zone = useZone();
  const good = status !== null && status >= 200 && status < 300;
  return (
    <li className="text-table">
      <Dot colour={good ? "bg-fill" : "bg-server"} />
      <time dateTime={at}>{formatMomentExactly(Date.parse(at), zone)}</time>
      <span className="text-muted">
        {address !== null && ` to ${address.replace(/^mailto:/, "")}`}, {tookText(tookMs)}
      </span>
      <span className="block pl-[15px]">
        {status === null ? "Nothing came back" : `It answered ${status}`}
        {error !== null && `: ${shownText(error)}`}
      </span>
      {answer !== null && answer !== "" && (
        <Code label="The answer" text={shownLines(answer)} className="mt-1 ml-[15px] max-h-32" />
      )}
    </li>
  );
}

function RequestShown({ delivery: { request, log } }: { delivery: Delivery }) {
  if (request === null) return <p className="text-table text-muted">What it told of is no longer kept.</p>;
  const head = requestHead(request, log.at(-1)?.address ?? null);
  return (
    <>
      <div className="relative">
        <Code label="The request" text={`${head}\n\n${shownLines(readableBody(request.body))}`} className="max-h-80" />
        <span className="absolute top-1 right-1">
          <CopyButton text={request.body} label="Copy the body" />
        </span>
      </div>
      <p className="text-small text-muted">Signature and keys are left out.</p>
    </>
  );
}

/** Reachable by keys, so that what does not fit can be scrolled. */
function Code({ label, text, className }: { label: string; text: string; className: string }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className={`overflow-auto rounded-md border border-line bg-surface px-3 py-2 font-mono text-small break-all whitespace-pre-wrap ${className}`}
    >
      {text}
    </pre>
  );
}
