import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { ASKED_PAGE_HEADER, signInAddress } from "@/lib/auth/asked-page";
import { setupState } from "@/lib/auth/first-user";
import { invitedEmail } from "@/lib/auth/invitations";
import { PAGE_STATUS_HEADER } from "@/lib/auth/page-status";
import { passwordLinkEmail } from "@/lib/auth/password-links";
import { pagePolicy } from "@/lib/auth/security-headers";
import { shareOf } from "@/lib/auth/shares";
import { THEME_HEADER } from "@/lib/auth/theme-header";
import { config as settings } from "@/lib/config";
import { databaseAnswers } from "@/lib/store/probe";

/**
 * Comfort and headers for pages, no more: each page and handler checks the session itself. The API, metrics and the pages' own
 * data never pass here (a body that passes through a proxy is cut at 10 MB without a word).
 */
export const config = {
  matcher: ["/((?!api(?:/|$)|data(?:/|$)|v1(?:/|$)|metrics$|_next/|favicon\\.ico|icon\\.svg|robots\\.txt).*)"],
};

const PUBLIC = /^\/(sign-in|setup|invite|new-password|unavailable|embed)(\/|$)/;
const SHARED = /^\/embed\/([^/]+)$/;
/** What stands in the place of every page while the database does not answer: a page that asks it nothing. */
const UNAVAILABLE = "/unavailable";
const RETRY_SECONDS = "5";
const SESSION_COOKIES = ["tailfill.session_token", "__Secure-tailfill.session_token"];

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = randomBytes(16).toString("base64");
  const development = process.env.NODE_ENV === "development";
  const policy = pagePolicy(nonce, { development, embeddedBy: await embeddedBy(request.nextUrl.pathname) });
  const response = await route(request, { nonce, policy });
  if (SHARED.test(request.nextUrl.pathname)) response.headers.set("X-Robots-Tag", "noindex");
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("Cache-Control", "private, no-store");
  if (settings().publicUrl.startsWith("https:")) response.headers.set("Strict-Transport-Security", "max-age=31536000");
  return response;
}

async function route(request: NextRequest, page: { nonce: string; policy: string }): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  const asked = askedPage(request.nextUrl);
  if (!PUBLIC.test(pathname) && !SESSION_COOKIES.some((name) => request.cookies.has(name)))
    return NextResponse.redirect(new URL(signInAddress(asked), request.nextUrl), 303);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", page.nonce);
  headers.set(THEME_HEADER, SHARED.test(pathname) ? (request.nextUrl.searchParams.get("theme") ?? "system") : "");
  headers.set(ASKED_PAGE_HEADER, asked); // a session that is over is found out by the page alone
  headers.set("content-security-policy", page.policy); // Next.js takes the nonce of its own scripts from here
  if (!(await databaseAnswers())) return unavailable(request, headers);
  if (pathname === UNAVAILABLE) return NextResponse.redirect(new URL("/", request.nextUrl), 303);
  const response = NextResponse.next({ request: { headers } });
  if (await isGone(pathname)) response.headers.set(PAGE_STATUS_HEADER, "410");
  return response;
}

/** The address stays: the page asks for it again by itself, and a reload does. */
function unavailable(request: NextRequest, headers: Headers): NextResponse {
  const response = NextResponse.rewrite(new URL(UNAVAILABLE, request.nextUrl), { request: { headers } });
  response.headers.set(PAGE_STATUS_HEADER, "503");
  response.headers.set("Retry-After", RETRY_SECONDS);
  return response;
}

/** Path and search as a person would type them: without the mark of requests for a page's data. */
function askedPage({ pathname, searchParams }: URL): string {
  const search = new URLSearchParams(searchParams);
  search.delete("_rsc");
  return search.size === 0 ? pathname : `${pathname}?${search.toString()}`;
}

/** The sites that a link may be embedded by; also of one that is over, so that they show that it is. */
async function embeddedBy(pathname: string): Promise<string[]> {
  const token = SHARED.exec(pathname)?.[1];
  try {
    return token === undefined ? [] : ((await shareOf(token))?.embeddedBy ?? []);
  } catch {
    return []; // a database that is down is the page's to tell
  }
}

/** A link that is over. The page says so as well; a database that is down is the page's to tell. */
async function isGone(pathname: string): Promise<boolean> {
  try {
    if (pathname === "/setup") return (await setupState(null)) === "closed";
    const [, kind, token] = /^\/(invite|new-password)\/([^/]+)$/.exec(pathname) ?? [];
    const shared = SHARED.exec(pathname)?.[1];
    if (shared !== undefined) return (await shareOf(shared))?.isOver ?? true;
    if (token === undefined) return false;
    return (await (kind === "invite" ? invitedEmail(token) : passwordLinkEmail(token))) === null;
  } catch {
    return false;
  }
}
