import type { EdgeStandIn } from "../cloudflare/edge-stand-in/start.ts";
import { startHost, type TestHost } from "./host.ts";
import { addLeg } from "./leg.ts";
import type { Bridge } from "./network.ts";

/** What a visitor sees at the end of all redirects. */
export interface Page {
  /** 0 when nobody answered. */
  readonly status: number;
  readonly url: string;
  readonly body: string;
}

/** Somebody in the WAN with a browser's programs. */
export async function startVisitor(name: string, wan: Bridge, at: number): Promise<TestHost> {
  const host = await startHost({ release: "trixie", name });
  await host.out("DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends curl openssl bind9-host > /dev/null");
  await addLeg(host, { network: wan, at, as: "wan0" });
  return host;
}

/** Asks for a page, or sends a form, as a browser does: it keeps cookies and follows redirects. `words`: more of curl's. */
export async function browse(
  visitor: TestHost,
  url: string,
  form: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): Promise<Page> {
  const cookies = ["-b", "/run/cookies", "-c", "/run/cookies"];
  const fields = Object.entries(form).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`]);
  const asked = ["curl", "-s", "-L", "--max-time", "20", "-w", "\n%{http_code} %{url_effective}", ...cookies, ...fields, ...words, url];
  const { stdout } = await visitor.exec(asked);
  const end = stdout.lastIndexOf("\n");
  const [status = "0", at = ""] = stdout.slice(end + 1).split(" ");
  return { status: Number(status), url: at, body: stdout.slice(0, end) };
}

/** Goes to an application through the edge's login, with the code from the mailbox; the page behind it. */
export async function logIn(visitor: TestHost, edge: EdgeStandIn, url: string, email: string): Promise<Page> {
  const first = await browse(visitor, url);
  const second = await send(visitor, first, { email });
  const mail = (await edge.outbox()).findLast((one) => one.to === email && one.host === new URL(url).host);
  return send(visitor, second, { code: mail?.code ?? "no code came" });
}

/** Fills in the form of a page. */
function send(visitor: TestHost, { body, url, status }: Page, fields: Readonly<Record<string, string>>): Promise<Page> {
  const action = /<form method="post" action="([^"]+)"/.exec(body)?.[1];
  if (action === undefined) throw new Error(`there is no form at ${url}: ${status} ${body}`);
  const hidden = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  return browse(visitor, new URL(action, url).href, { ...Object.fromEntries(hidden), ...fields });
}
