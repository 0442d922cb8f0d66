import type { Metadata } from "next";
import { AccountFrame } from "@/components/account/account-frame";
import { ButtonLink } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <AccountFrame title="Nothing is here" lead="The address leads to no page of this server.">
      <ButtonLink href="/" kind="primary" className="h-9 w-full">
        To the overview
      </ButtonLink>
    </AccountFrame>
  );
}
