import { formatWidth } from "@/components/format/duration";

/** Says that the figures below were read from a replica that is behind; nothing where none was, or where it is not. */
export function ReplicaNote({ behindSeconds }: { behindSeconds: number | undefined }) {
  if (behindSeconds === undefined) return null;
  return (
    <p className="mb-4 text-muted">
      Read from a replica that is up to {formatWidth(behindSeconds)} behind: the latest requests may be missing.
    </p>
  );
}
