/** What a `Content-Type` says, in lower case. */
export interface MediaType {
  /** As `application/json`; empty without a header. */
  type: string;
  /** The first charset that it names, if it names any. */
  charset: string | null;
}

export function mediaTypeOf(header: string | null): MediaType {
  const [type = "", ...parameters] = (header ?? "").toLowerCase().split(";");
  const charset = parameters.map((text) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(text)?.[1]).find(isText);
  return { type: type.trim(), charset: charset ?? null };
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** Whether a body of this type is JSON that this server reads, which is JSON in UTF-8 (RFC 8259). */
export function isJsonInUtf8({ type, charset }: MediaType): boolean {
  return type === "application/json" && (charset === null || charset === "utf-8" || charset === "utf8");
}
