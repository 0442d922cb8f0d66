import { trace } from "@opentelemetry/api";
import { tailfill } from "@tailfill/sdk/next";
import { register as asDocumented } from "./snippet";

const say = (kind, value) => console.log(`${kind} ${JSON.stringify(value)}`);

/** A client that prints what it is told; each line is read by the test. */
const client = {
  enabled: true,
  userOf: (req) => req.headers.get("x-user") ?? req.cookies.get("user")?.value,
  record: (method, route, outcome, latencyUs, user) => say("SAMPLE", { method, route, outcome, latencyUs, user }),
  report: (error) => say("REPORT", String(error)),
};

/** What an app with tracing of its own does, before or after. */
function traceEverything() {
  const span = (name) => ({
    spanContext: () => ({ traceId: "0".repeat(31) + "1", spanId: "0".repeat(15) + "1", traceFlags: 1 }),
    setAttribute: () => span(name),
    setAttributes: () => span(name),
    addEvent: () => span(name),
    setStatus: () => span(name),
    updateName: () => span(name),
    end: () => say("SPAN", name),
    isRecording: () => true,
    recordException: () => undefined,
  });
  const startActiveSpan = (name, ...rest) => rest.at(-1)(span(name));
  const tracer = { startSpan: (name) => span(name), startActiveSpan };
  say("PROVIDER", trace.setGlobalTracerProvider({ getTracer: () => tracer }));
}

export function register() {
  if (process.env.TEST_SNIPPET) return asDocumented();
  if (process.env.NEXT_RUNTIME === "edge") return void tailfill(client);
  if (process.env.TEST_TRACED === "before") traceEverything();
  if (process.env.TEST_BARE === undefined) tailfill(client);
  if (process.env.TEST_TRACED === "after") traceEverything();
}
