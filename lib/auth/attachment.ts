/**
 * The `Content-Disposition` of an answer that is to be kept as a file. What no file system likes becomes a dash; a name that is not plain
 * is told a second time as RFC 6266 has it.
 */
export function attachment(name: string): string {
  const kept = name
    .replaceAll(/[\p{Cc}"\\/:*?<>|%]+/gu, "-")
    .slice(0, 200)
    .toWellFormed();
  const plain = kept.replaceAll(/[^\x20-\x7e]/g, "_");
  const also = plain === kept ? "" : `; filename*=UTF-8''${encodeURIComponent(kept)}`;
  return `attachment; filename="${plain}"${also}`;
}
