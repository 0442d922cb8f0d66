/**
 * Where to go after sign-in: a path of this server, as it was asked for, else the start. Anything that a browser could
 * read as another site's address (`//host`, `/\host`, a control character) leads to the start.
 */
export function ownAddress(to: unknown): string {
  if (typeof to !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to)) return "/";
  return new URL(to, "http://own.invalid").origin === "http://own.invalid" ? to : "/";
}
