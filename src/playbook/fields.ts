import { nearest } from "../kernel/diagnostic.ts";
import type { MapEntry, MapNode, Node } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import { keywordNamed, keywordsOf, type Place } from "./keywords.ts";

const plural: Readonly<Record<Place, string>> = {
  play: "plays",
  role: "uses of a role",
  block: "blocks",
  task: "tasks",
  handler: "handlers",
  include: "includes and imports",
};

/** A map of keywords being read: each value by its own reader, so that one wrong value does not hide the next. */
export class Fields {
  readonly map: MapNode;
  readonly place: Place;
  readonly problems: Problems;
  readonly via: readonly Span[];
  readonly #byName: ReadonlyMap<string, MapEntry>;

  constructor(map: MapNode, place: Place, problems: Problems, via: readonly Span[]) {
    this.map = map;
    this.place = place;
    this.problems = problems;
    this.via = via;
    this.#byName = new Map(map.entries.map((e) => [e.key.text, e]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  node(name: string): Node | undefined {
    return this.#byName.get(name)?.value;
  }

  /** Reads one keyword; undefined when it is not there or its value was refused (and noted). */
  take<T>(name: string, read: (node: Node, keyword: MapEntry) => T): T | undefined {
    const found = this.#byName.get(name);
    return found && this.problems.attempt(() => read(found.value, found), this.via);
  }

  error(message: string, at: Span, help?: string): void {
    this.problems.add([{ severity: "error", message, at, ...(help !== undefined && { help }) }], this.via);
  }

  /** Notes every keyword that is refused or stands at the wrong place, and gives back the keys that are no keywords. */
  strangers(): readonly MapEntry[] {
    const strangers: MapEntry[] = [];
    for (const e of this.map.entries) {
      const keyword = keywordNamed(e.key.text);
      if (!keyword || (this.place === "role" && !keyword.places.includes("role"))) strangers.push(e);
      else if (!keyword.places.includes(this.place)) this.#misplaced(e, keyword.places);
      else if (keyword.instead !== undefined)
        this.error(`the keyword "${e.key.text}" is Ansible's, not Rempart's`, e.key.at, keyword.instead);
    }
    return strangers;
  }

  /** Notes every key that is no keyword of this place. */
  refuseStrangers(): void {
    for (const e of this.strangers()) this.unknown(e);
  }

  unknown(e: MapEntry): void {
    const near = nearest(e.key.text, keywordsOf(this.place, true));
    const help = near ? `did you mean "${near}"?` : `the keywords of ${plural[this.place]} are: ${keywordsOf(this.place).join(", ")}`;
    this.error(`"${e.key.text}" is not a keyword of ${plural[this.place]}`, e.key.at, help);
  }

  #misplaced(e: MapEntry, places: readonly Place[]): void {
    this.error(
      `"${e.key.text}" is not a keyword of ${plural[this.place]}`,
      e.key.at,
      `it is a keyword of ${places.map((p) => plural[p]).join(", ")}`,
    );
  }
}
