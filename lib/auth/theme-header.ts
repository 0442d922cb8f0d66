/** Where proxy.ts writes which theme a shared page was asked for by its address; empty for every other page. */
export const THEME_HEADER = "x-tailfill-theme";
