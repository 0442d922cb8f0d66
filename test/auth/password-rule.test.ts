import { expect, test } from "vitest";
import { checkNewPassword } from "@/lib/auth/password-rule";

const EMAIL = "ada.lovelace@example.test";
const problem = (password: string, email = EMAIL): string | null => {
  try {
    checkNewPassword(password, email);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  "correct horse battery staple",
  "k8#vQz!p",
  "zwölf blaue Pinguine",
  "日本語のパスワードです",
  "lovelace and others",
  "passwordless is not here yet",
])("%s is taken", (password) => expect(problem(password)).toBeNull());

test.each(["short", "", "1234567"])("%j is too short", (password) => expect(problem(password)).toContain("at least 8"));
test("more than 128 characters are too many", () => expect(problem("x y".repeat(50))).toContain("at most 128"));

test.each([
  "password",
  "Password1",
  "PASSWORD123",
  "P@ssw0rd",
  "12345678",
  "0987654321",
  "qwertyuiop",
  "lkjhgfdsa",
  "abcdefgh",
  "aaaaaaaaaaaa",
  "abcabcabcabc",
  "testtest",
  "1q2w3e4r",
  "iloveyou",
  "changeme",
  "Welcome1!",
])("%s is among the first that are tried", (password) => expect(problem(password)).toContain("tried first"));

test.each([
  ["ada.lovelace!", "ada.lovelace"],
  ["xxADA.LOVELACE2026", "ada.lovelace"],
  ["ada.lovelacepassword123", "ada.lovelace"],
  ["tailfill2026", "tailfill"],
  ["TailfillTailfill", "tailfill"],
])("%s is little more than a name", (password, name) => expect(problem(password)).toContain(`“${name}”`));

test.each([
  ["another long one", "other@x.test"],
  ["Ada12345!x", "ada@x.test"],
  ["filling the tail with tailfill", EMAIL],
])("%s is more than that", (password, email) => expect(problem(password, email)).toBeNull());
test("what is wrong never tells the password", () => expect(problem("Welcome1!")).not.toContain("Welcome1"));
