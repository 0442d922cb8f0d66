import { createLoader } from "nuqs/server";
import { viewParsers } from "./view";

/** Reads what a page's address says of the view, on the server. */
export const loadAsked = createLoader(viewParsers);
