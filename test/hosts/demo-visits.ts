import { heading } from "./demo-screen.ts";
import type { Site } from "./site.ts";
import { browse, logIn } from "./visitor.ts";

const applications = [
  { url: "https://media.example.org/System/Info/Public", email: "bob@example.org", shows: /"ServerName":"proliant"/ },
  { url: "https://status.example.org/", email: "ada@example.org", shows: /stand-in for a web application/ },
];

/** Shows who reaches the applications and who does not. Throws when that is not as declared. */
export async function visits(site: Site): Promise<void> {
  heading("Who reaches the applications?");
  for (const { url, email, shows } of applications) {
    const before = await browse(site.visitor, url);
    tell(before.status === 200 && before.url.includes("/cdn-cgi/access/login/"), `visitor asks for ${url}: the edge wants a login`);
    const page = await logIn(site.visitor, site.edge, url, email);
    tell(
      page.status === 200 && shows.test(page.body),
      `  logged in as ${email} with the code from the mail: ${page.status} ${said(page.body)}`,
    );
  }
  for (const { url } of applications) {
    const host = new URL(url).host;
    const past = await browse(site.visitor, url, {}, ["-k", "--resolve", `${host}:443:${site.wanAddress}`, "--max-time", "5"]);
    tell(past.status === 0, `visitor asks the router's address ${site.wanAddress} for ${host}, past the edge: no answer`);
  }
  const foreign = await browse(site.stranger, applications[0]?.url ?? "");
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
