import { createElement } from "react";

export const generateStaticParams = () => [{ slug: "one" }, { slug: "two" }];

export default async function Page({ params }) {
  return createElement("h1", null, (await params).slug);
}
