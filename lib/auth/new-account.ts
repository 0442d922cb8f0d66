import { randomUUID } from "node:crypto";
import { z } from "zod";
import { TailfillError } from "@/lib/errors";
import { emailTaken, insertAccount } from "@/lib/store/accounts";
import type { Connection } from "@/lib/store/db";
import { hashOfPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-rule.ts";

/** What a person gives to get an account. */
export interface NewAccount {
  email: string;
  password: string;
  name?: string | undefined;
}

/** An account ready to be stored: checked, and the slow hash done outside of any transaction. */
export interface PreparedAccount {
  id: string;
  name: string;
  email: string;
  passwordHash: string;
}

/** The form in which e-mail addresses are kept and compared. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** @throws TailfillError `bad_request` when the address is none or the password breaks a rule. */
export async function prepareAccount({ email, password, name }: NewAccount): Promise<PreparedAccount> {
  const address = normalEmail(email);
  if (address.length > 254 || !z.email().safeParse(address).success)
    throw new TailfillError("bad_request", "This is not an e-mail address.");
  checkNewPassword(password, address);
  const shown = (name?.trim() || address.split("@")[0] || address).slice(0, 100);
  return { id: randomUUID(), name: shown, email: address, passwordHash: await hashOfPassword(password) };
}

/** @throws TailfillError `already_exists` when somebody has this address. */
export async function storeAccount(tx: Connection, account: PreparedAccount): Promise<void> {
  if (await emailTaken(tx, account.email))
    throw new TailfillError("already_exists", "An account with this e-mail address exists already.");
  await insertAccount(tx, account);
}
