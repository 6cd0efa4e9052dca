import { resolve } from "node:path";
import { type Played, type PlayOptions, play, type Reached } from "./play.ts";

const playbook = resolve(import.meta.dirname, "../../playbooks/edge.yml");

/** Two applications, visitors from two countries. */
export const options = {
  zone: "example.org",
  ipv4: "192.0.2.10",
  countries: ["FR", "BE"],
  accepted: { video: "the owner, 2026-11-21: a private library for six people" },
  apps: [
    {
      name: "media",
      host: "media.example.org",
      upstream: "127.0.0.1:8096",
      video: true,
      access: { emails: ["Ada@example.org", "bob@example.org"] },
      limits: { login_paths: ["/Users/AuthenticateByName"], api_paths: ["/System/"] },
    },
    { name: "git", host: "git.example.org", access: { emails: ["ada@example.org"], session: "12h" } },
  ],
};

/** Runs playbooks/edge.yml against the emulator, with further options of the role on top. */
export function edge(emulator: Reached, more: object = {}, how: Omit<PlayOptions, "vars"> = {}): Promise<Played> {
  return play(emulator, playbook, { ...how, vars: { cloudflare: { ...options, ...more } } });
}

/** What a run did, would do or failed at. */
export function notable({ lines }: Played): string[] {
  return lines.filter((line) => !/^(ok|skipped) /.test(line));
}
