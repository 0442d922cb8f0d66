import { createLoader } from "nuqs/server";
import { viewParsers } from "./view";

/** Reads the view from a page's address, on the server. */
export const loadView = createLoader(viewParsers);
