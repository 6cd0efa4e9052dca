import { defineFact } from "../../kernel/fact.ts";
import { joinShell } from "../../kernel/sh.ts";
import { readRecords, wholeNumber } from "../lines.ts";
import { documents, type JellyfinKey, stateScript } from "./requests.ts";

export type JellyfinMap = Readonly<Record<string, unknown>>;

export interface JellyfinUser {
  /** Empty in a prediction. */
  readonly id: string;
  readonly name: string;
  /** The whole policy as the server says it. */
  readonly policy: JellyfinMap;
}

export interface JellyfinLibrary {
  /** Empty in a prediction. */
  readonly id: string;
  readonly name: string;
  /** movies, tvshows, ...; empty for mixed. */
  readonly type: string;
  readonly paths: readonly string[];
}

/** A Jellyfin server, as its administrator sees it. */
export interface JellyfinServer {
  /**
   * absent: nothing answers. starting: it answers and is not healthy. setup: nobody has set it up yet. denied: it is set up, and this
   * administrator may not come in. ready: everything below is known.
   */
  readonly phase: "absent" | "starting" | "setup" | "denied" | "ready";
  /** What it says of itself while it is starting, or why it denies. */
  readonly why: string;
  readonly version: string;
  readonly users: readonly JellyfinUser[];
  readonly libraries: readonly JellyfinLibrary[];
  /** null in a prediction: the server will say. */
  readonly system: JellyfinMap | null;
  readonly network: JellyfinMap | null;
  readonly encoding: JellyfinMap | null;
  /** The record as the target printed it; null in a prediction. */
  readonly record: string | null;
}

export const noJellyfin: JellyfinServer = {
  phase: "absent",
  why: "",
  version: "",
  users: [],
  libraries: [],
  system: null,
  network: null,
  encoding: null,
  record: "-\n",
};

/** `jellyfinServer(jellyfinKey(url, admin, password))`: one login, then everything at once. Without an answer nothing is sent twice. */
export const jellyfinServer = defineFact<JellyfinKey, JellyfinServer>({
  kind: "jellyfin",
  summary: "A Jellyfin server: whether it is ready and set up, its users, libraries and settings.",
  object: (key) => key.url,
  script: (keys) => joinShell(keys.map(stateScript)),
  read: (stdout, keys) =>
    readRecords("jellyfin", stdout, keys, (first, records) => {
      const [word = "", ...rest] = first.split(" ");
      const record = `${first}\n`;
      if (word === "-") return noJellyfin;
      if (word === "starting" || word === "denied" || word === "setup") return { ...noJellyfin, phase: word, why: rest.join(" "), record };
      const texts = documents.map(() => records.bytes(wholeNumber(records.line())).toString());
      return readyOf(texts, `${record}${texts.map((t) => `${Buffer.byteLength(t)}\n${t}\n`).join("")}`);
    }),
  absent: ({ phase }) => phase === "absent" || phase === "starting",
  // A server that has just been started for the first time.
  brought: () => ({ ...noJellyfin, phase: "setup", record: null }),
  enough: () => true,
  write: (_key, { record }) => record ?? undefined,
});

function readyOf(texts: readonly string[], record: string): JellyfinServer {
  const [info, users, libraries, system, network, encoding] = texts.map((t) => JSON.parse(t) as unknown);
  return {
    phase: "ready",
    why: "",
    version: text(mapOf(info).Version),
    users: listOf(users).map((u) => ({ id: text(u.Id), name: text(u.Name), policy: mapOf(u.Policy) })),
    libraries: listOf(libraries).map((l) => ({
      id: text(l.ItemId),
      name: text(l.Name),
      type: text(l.CollectionType),
      paths: Array.isArray(l.Locations) ? l.Locations.map(text) : [],
    })),
    system: mapOf(system),
    network: mapOf(network),
    encoding: mapOf(encoding),
    record,
  };
}

function mapOf(value: unknown): JellyfinMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JellyfinMap) : {};
}

function listOf(value: unknown): readonly JellyfinMap[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
