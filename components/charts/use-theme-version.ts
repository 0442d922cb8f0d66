"use client";
import { useEffect, useState } from "react";

/** A number that changes with the theme, for what is painted and not styled. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const next = () => setVersion((v) => v + 1);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    system.addEventListener("change", next);
    return () => {
      observer.disconnect();
      system.removeEventListener("change", next);
    };
  }, []);
  return version;
}
