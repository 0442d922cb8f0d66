import { notFound } from "next/navigation";
import { createElement } from "react";

export default async function Page({ params }) {
  const { id } = await params;
  if (id === "nobody") notFound();
  if (id === "broken") throw new Error("broken on purpose");
  return createElement("h1", null, id);
}
