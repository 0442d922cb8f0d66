"use client";
import { createContext, useContext } from "react";
import { USUAL_FROM } from "./view";

const UsualFrom = createContext<string>(USUAL_FROM);

/** Where ranges begin whose address says nothing, as `usualFrom` told when the page was read: it stays until the next load. */
export const UsualFromProvider = UsualFrom.Provider;

export const useUsualFrom = (): string => useContext(UsualFrom);
