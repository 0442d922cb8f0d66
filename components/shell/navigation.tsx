"use client";
import { UserRound } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { classes } from "@/components/ui/classes";
import { keptSearch } from "@/components/range/kept-search";
import { Logo } from "./logo";
import { ACCOUNT, PLACES, type Place } from "./places";

/** Left at 1100 px and more, icons below, a bar at the bottom below 640 px. */
export function Navigation({ email }: { email: string }) {
  return (
    <nav
      aria-label="Main"
      className={classes(
        "fixed inset-x-0 bottom-0 z-30 flex items-stretch gap-0.5 border-t border-line bg-sunken px-2 py-1.5",
        "phone:sticky phone:top-0 phone:h-screen phone:w-14 phone:flex-col phone:border-t-0 phone:border-r phone:px-2 phone:py-4",
        "wide:w-[200px] wide:px-2.5",
      )}
    >
      <Link
        href="/"
        className="mb-4 hidden items-center gap-2 rounded-md px-2.5 py-0.5 text-[15px] font-semibold tracking-[-0.015em] phone:flex"
        aria-label="tailfill"
      >
        <Logo />
        <span className="hidden wide:inline">tailfill</span>
      </Link>
      <Suspense
        fallback={PLACES.map((place) => (
          <PlaceLink key={place.href} place={place} here={false} search="" />
        ))}
      >
        <PlaceLinks />
      </Suspense>
      <AccountLink email={email} />
    </nav>
  );
}

function PlaceLinks() {
  const path = usePathname();
  const search = keptSearch(useSearchParams());
  return PLACES.map((place) => (
    <PlaceLink key={place.href} place={place} here={place.holds(path)} search={place.figures ? search : ""} />
  ));
}

function PlaceLink({ place, here, search }: { place: Place; here: boolean; search: string }) {
  const Icon = place.icon;
  return (
    <Link
      href={place.href + search}
      aria-current={here ? "page" : undefined}
      title={place.label}
      className={classes(look(here), place.roomy && "max-phone:hidden")}
    >
      <Icon size={16} aria-hidden className="shrink-0 opacity-80" />
      <span className="text-tiny phone:sr-only wide:not-sr-only wide:text-base">{place.label}</span>
      {place.badge && (
        <span className="absolute top-0.5 right-1 wide:static wide:ml-auto">
          <place.badge />
        </span>
      )}
    </Link>
  );
}

function AccountLink({ email }: { email: string }) {
  const here = usePathname() === ACCOUNT;
  return (
    <Link href={ACCOUNT} title={email} className={classes(look(here), "phone:mt-auto")}>
      <UserRound size={16} aria-hidden className="shrink-0 opacity-80" />
      <span className="truncate text-tiny phone:hidden">Account</span>
      <span className="hidden truncate text-table wide:inline">{email}</span>
      <span className="sr-only">: your account</span>
    </Link>
  );
}

function look(here: boolean): string {
  return classes(
    "relative flex min-w-0 flex-1 flex-col items-center gap-1 rounded-md px-2.5 py-1.5 phone:flex-none phone:flex-row phone:justify-center wide:justify-start wide:gap-2.5",
    here
      ? "bg-surface font-medium text-text shadow-[var(--shadow-card),0_0_0_1px_var(--line)]"
      : "text-muted hover:text-text",
  );
}
