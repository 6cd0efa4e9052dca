import { heading } from "./demo-screen.ts";
import type { Site } from "./site.ts";
import { browse, logIn } from "./visitor.ts";

const media = { url: "https://media.example.org/System/Info/Public", shows: /"ServerName":"proliant"/ };
const status = { url: "https://status.example.org/", shows: /stand-in for a web application/ };

/** Shows who reaches the applications and who does not. Throws when that is not as declared. */
export async function visits(site: Site): Promise<void> {
  heading("Who reaches the applications?");
  const before = await browse(site.visitor, media.url);
  tell(before.status === 200 && before.url.includes("/cdn-cgi/access/login/"), `visitor asks for ${media.url}: the edge wants a login`);
  const page = await logIn(site.visitor, site.edge, media.url, "ada@example.org");
  tell(page.status === 200 && media.shows.test(page.body), `  the code from ada's mail opens it: ${page.status} ${said(page.body)}`);
  const second = await browse(site.visitor, status.url);
  tell(second.status === 200 && status.shows.test(second.body), `  and ${status.url}: ${second.status} ${said(second.body)}`);
  for (const { host } of [new URL(media.url), new URL(status.url)]) {
    const past = await browse(site.visitor, `https://${host}/`, {}, [
      "-k",
      "--resolve",
      `${host}:443:${site.wanAddress}`,
      "--max-time",
      "5",
    ]);
    tell(past.status === 0, `visitor asks the router's address ${site.wanAddress} for ${host}, past the edge: no answer`);
  }
  const foreign = await browse(site.stranger, media.url);
  tell(foreign.status === 403, `stranger, from a country that is not allowed: ${foreign.status}`);
}

function tell(holds: boolean, line: string): void {
  if (!holds) throw new Error(`this does not hold: ${line}`);
  process.stdout.write(`${line}\n`);
}

/** What a page says, in a few words. */
function said(body: string): string {
  return body
    .replaceAll(/<[^>]*>/g, " ")
    .trim()
    .slice(0, 70);
}
