import { notOtlp } from "./not-otlp.ts";
import { BYTES, FIXED64, ProtobufReader, VARINT } from "./protobuf-reader.ts";

/** `int` is int64 or an enum, `uint` uint64 or uint32, `sint` sint32. */
type Scalar = "int" | "uint" | "sint" | "fixed64" | "double" | "bool" | "text" | "hex";

export interface Field {
  /** As in the JSON encoding. */
  name: string;
  type: Scalar | Message;
  isList?: boolean;
}

/** The fields that are read of a message, by number. All others are passed over. */
export type Message = ReadonlyMap<number, Field>;

/** What one body may make; it is used up while it is read. */
export interface Budget {
  messages: number;
}

/** A real export has one message for about 20 bytes. One of empty messages has one for two, and each becomes an object. */
export const MOST_MESSAGES = 500_000;
/** Numbers in a list: buckets of a histogram. SDKs make 160 at most. */
export const MOST_NUMBERS = 4_096;

const WIRE_TYPE: Record<Scalar, number> = {
  int: VARINT,
  uint: VARINT,
  sint: VARINT,
  bool: VARINT,
  fixed64: FIXED64,
  double: FIXED64,
  text: BYTES,
  hex: BYTES,
};

type Fields = Record<string, unknown>;

/**
 * Reads an UNTRUSTED protobuf message into the object that its JSON encoding would give, with bigint or number for what JSON
 * writes as text. Work and memory are bounded by the length of the bytes and the budget; the depth is that of `message`.
 * @throws TailfillError `not_otlp`
 */
export function readMessage(bytes: Uint8Array, message: Message, budget: Budget = { messages: MOST_MESSAGES }): Fields {
  return readFields(new ProtobufReader(bytes), message, budget);
}

function readFields(reader: ProtobufReader, message: Message, budget: Budget): Fields {
  if (--budget.messages < 0) throw notOtlp(`it has more than ${MOST_MESSAGES} parts`);
  const fields: Fields = {};
  while (reader.left > 0) {
    const key = reader.small();
    if (key < 8) throw notOtlp("a field has the number 0");
    const field = message.get(key >>> 3);
    if (field === undefined) reader.pass(key & 7);
    else readField(reader, field, { fields, wireType: key & 7, budget });
  }
  return fields;
}

interface Into {
  fields: Fields;
  wireType: number;
  budget: Budget;
}

function readField(reader: ProtobufReader, { name, type, isList }: Field, { fields, wireType, budget }: Into): void {
  const isMessage = typeof type !== "string";
  const wanted = isMessage ? BYTES : WIRE_TYPE[type];
  if (isList && !isMessage && wanted !== BYTES && wireType === BYTES) {
    const packed = reader.part();
    while (packed.left > 0) addTo(fields, name, readScalar(packed, type));
  } else if (wireType !== wanted) reader.pass(wireType);
  else if (isMessage) {
    const value = readFields(reader.part(), type, budget);
    if (isList) ((fields[name] ??= []) as unknown[]).push(value);
    else fields[name] = value;
  } else if (isList) addTo(fields, name, readScalar(reader, type));
  else fields[name] = readScalar(reader, type);
}

function addTo(fields: Fields, name: string, value: unknown): void {
  const list = (fields[name] ??= []) as unknown[];
  if (list.length === MOST_NUMBERS) throw notOtlp(`a histogram has more than ${MOST_NUMBERS} buckets`);
  list.push(value);
}

function readScalar(reader: ProtobufReader, type: Scalar): unknown {
  switch (type) {
    case "fixed64":
      return reader.fixed64();
    case "double":
      return reader.double();
    case "text":
      return reader.part().text();
    case "hex":
      return reader.part().hex();
    case "bool":
      return reader.varint() !== 0;
    case "uint":
      return reader.varint();
    case "sint":
      return unZigZag(reader.varint());
    case "int":
      return signed(reader.varint());
  }
}

const signed = (value: number | bigint): number | bigint => {
  if (typeof value === "number") return value;
  const number = BigInt.asIntN(64, value);
  return number < 0n && number >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(number) : number;
};

function unZigZag(value: number | bigint): number {
  const number = Number(value);
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}
