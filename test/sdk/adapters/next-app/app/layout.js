import { createElement } from "react";

// No JSX in these files: below node_modules, where the test builds them, it is not compiled.
export default function Layout({ children }) {
  return createElement("html", { lang: "en" }, createElement("body", null, children));
}
