export { type Dialect, fingerprint } from "../../../wire/index.ts";
