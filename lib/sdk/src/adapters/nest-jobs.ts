import type { CallHandler, ExecutionContext, NestInterceptor } from "@nestjs/common";
import { Observable, type Subscriber, type Subscription } from "rxjs";
import type { Client } from "../client-type.ts";
import { wrap } from "../wrap.ts";

/** What Nest keeps on a handler: the patterns of `@MessagePattern` and `@EventPattern`. */
const PATTERN = "microservices:pattern";

interface Metadata {
  getMetadataKeys?(target: object): unknown[];
  getMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/** `reflect-metadata`, which every app of Nest's has loaded. */
const metadata = Reflect as Metadata;

/** Counts messages of microservices, by their pattern. Requests are counted where they arrive. */
export function jobInterceptor(client: Client): NestInterceptor {
  return {
    intercept(context, next) {
      return context.getType() === "rpc" ? counted(context, next, client) : next.handle();
    },
  };
}

function counted(context: ExecutionContext, next: CallHandler, client: Client): Observable<unknown> {
  const endpoint = nameOf(context);
  return new Observable((subscriber) => {
    let stop: (() => void) | undefined;
    const run = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const subscription = follow(next, subscriber, { resolve, reject });
        stop = () => {
          subscription.unsubscribe();
          resolve();
        };
      });
    void wrap(run, { endpoint, client })().catch(() => undefined);
    return () => stop?.();
  });
}

interface Settle {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Called as a part of the job: what the handler begins is, too. */
function follow(next: CallHandler, subscriber: Subscriber<unknown>, { resolve, reject }: Settle): Subscription {
  return next.handle().subscribe({
    next: (value: unknown) => subscriber.next(value),
    error(error: unknown) {
      reject(error);
      subscriber.error(error);
    },
    complete() {
      resolve();
      subscriber.complete();
    },
  });
}

function nameOf(context: ExecutionContext): string {
  const pattern = metadata.getMetadata?.(PATTERN, context.getHandler());
  const [first] = Array.isArray(pattern) ? (pattern as unknown[]) : [pattern];
  if (typeof first === "string" && first !== "") return first;
  if (typeof first === "object" && first !== null) return JSON.stringify(first);
  return `${context.getClass().name}.${context.getHandler().name}`;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Counts the calls of a method that serves no request: `@Cron`, `@Interval`, `process` of a queue's `WorkerHost`. Default name:
 * class and method, as `Mails.send`: `@Cron("0 * * * *") @Job("send mails")`.
 */
export function Job(endpoint?: string): MethodDecorator {
  return (target, name, descriptor) => {
    const { value } = descriptor as { value?: unknown };
    if (typeof value !== "function") return;
    const run = value as Method;
    const wrapped = wrap(run, { endpoint: endpoint ?? `${target.constructor.name}.${String(name)}` });
    copyMetadata(run, wrapped);
    descriptor.value = wrapped as typeof descriptor.value;
  };
}

/** Decorators below have left on the method what Nest looks for. */
function copyMetadata(from: object, to: object): void {
  for (const key of metadata.getMetadataKeys?.(from) ?? [])
    metadata.defineMetadata?.(key, metadata.getMetadata?.(key, from), to);
}
