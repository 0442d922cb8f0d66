import { CopyButton } from "@/components/ui/copy-button";

/** The trace that a request was a part of: long, and only good to be looked up elsewhere. */
export function TraceId({ id }: { id: string }) {
  return (
    <CopyButton label={`Copy the trace id ${id}`} text={() => id}>
      {`trace ${id.slice(0, 8)}…`}
    </CopyButton>
  );
}
