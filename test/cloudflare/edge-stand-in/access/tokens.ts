import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Who logged in where, as the cookie says it. */
export interface Session {
  /** Identifier of the application. */
  readonly aud: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** Signs and reads sessions, as tokens in the form of JWT. */
export class SessionTokens {
  readonly #key = randomBytes(32);

  make(session: Session, issuer: string, country: string): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = part({ alg: "HS256", typ: "JWT" });
    const open = `${head}.${part({ ...session, aud: [session.aud], iss: issuer, country, type: "app" })}`;
    return `${open}.${this.#signature(open)}`;
  }

  /** What a token says when it is ours, for this application and not over. */
  read(token: string, application: string, now: number): Session | undefined {
    const [head = "", body = "", signature = ""] = token.split(".");
    const right = this.#signature(`${head}.${body}`);
    if (signature.length !== right.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(right))) return undefined;
    const said = JSON.parse(Buffer.from(body, "base64url").toString()) as Session & { readonly aud: readonly string[] };
    return said.aud.includes(application) && said.exp > now / 1000 ? { ...said, aud: application } : undefined;
  }

  #signature(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}
