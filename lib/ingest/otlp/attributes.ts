import { fieldsOf, listOf, textOf } from "./values.ts";

/** Attributes by name, as text. Lists and maps as values are left out. */
export type Attributes = ReadonlyMap<string, string>;

/** @throws TailfillError `not_otlp` */
export function attributesOf(list: unknown): Attributes {
  const attributes = new Map<string, string>();
  for (const one of listOf(list, "attributes")) {
    const { key, value } = fieldsOf(one, "attribute");
    const text = valueOf(fieldsOf(value, "value"));
    if (text !== undefined && !attributes.has(textOf(key))) attributes.set(textOf(key), text);
  }
  return attributes;
}

function valueOf({ stringValue, intValue, doubleValue, boolValue }: Readonly<Record<string, unknown>>) {
  for (const value of [stringValue, intValue, doubleValue, boolValue]) {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  }
  return undefined;
}

/** The first of these attributes that is there and not empty. */
export function firstOf(attributes: Attributes, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}
