import type { Plan } from "../emulator/state.ts";

/** What the stand-in for Cloudflare's edge and API stands for. */
export interface EdgeOptions {
  /** Name of the zone, which is active from the start: `example.org`. */
  readonly zone: string;
  /** Plan of the zone; `free` when not said otherwise. */
  readonly plan?: Plan;
  /** Token that the API takes; one of its own when not given. */
  readonly token?: string;
  /** Name of the Zero Trust team: logins happen at `TEAM.cloudflareaccess.com`. `home` when not given. */
  readonly team?: string;
  /** Country by range of visitors' addresses: `{ "10.70.1.0/24": "FR" }`. An address in no range has the country `XX`. */
  readonly countries?: Readonly<Record<string, string>>;
  /** PEM of authorities beside the Origin CA that servers' certificates are believed of, as the public ones are by the real edge. */
  readonly originAuthority?: string;
  /** The client certificate that all zones share, shown to servers while `tls_client_auth` is on (PEM); one of an authority of its own when not given. */
  readonly pulls?: { readonly certificate: string; readonly key: string };
  /** Records that are in the zone from the start, such as TXT and NS of the owner. */
  readonly records?: readonly EdgeRecord[];
}

/** A record as the API takes it; `proxied` false. */
export interface EdgeRecord {
  readonly type: "A" | "AAAA" | "CNAME" | "TXT" | "NS" | "MX";
  readonly name: string;
  readonly content: string;
  readonly priority?: number;
}

/** An e-mail that the login would have sent. */
export interface Mail {
  readonly to: string;
  /** Six digits, good once, for ten minutes. */
  readonly code: string;
  /** Name of the application's host. */
  readonly host: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A visitor's request and what became of it. */
export interface Passed {
  readonly at: string;
  readonly ip: string;
  readonly country: string;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** With its query, as it was sent. */
  readonly path: string;
  readonly status: number;
  /** Which layer answered: `origin`, `https redirect`, `custom rule REF`, `managed rules: PROBE`, `rate limit REF`, `bots`, `access: login`, `access: denied`, `unknown`, ... */
  readonly by: string;
}

/** The authorities behind the stand-in's certificates, PEM. */
export interface Authorities {
  /** Signs what visitors and the API's users see. */
  readonly edge: string;
  /** The Origin CA: signs requests that come by the API. */
  readonly origin: string;
  /** Signed the client certificate that all zones share; empty when `pulls` was given. */
  readonly pulls: string;
}
