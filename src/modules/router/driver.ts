import type { Forward, Pinhole, Reservation, RouterState } from "../../facts/router/state.ts";
import type { Question } from "../../kernel/fact.ts";
import type { Step } from "../../kernel/step.ts";

/** One entry that is made, changed or taken away. `before` absent: it is new. `after` absent: it goes. */
export type RouterEdit =
  | { readonly thing: "forward"; readonly before?: Forward; readonly after?: Forward }
  | { readonly thing: "reservation"; readonly before?: Reservation; readonly after?: Reservation }
  | { readonly thing: "pinhole"; readonly before?: Pinhole; readonly after?: Pinhole };

/** What a driver must be told to find its way; the rest is the connection's. */
export interface RouterPlace {
  /** The side of the provider, in the router's own word: an interface, a zone, a list. */
  readonly wan: string;
  /** The side of the LAN. */
  readonly lan: string;
  /** UPnP: the address of the device description. */
  readonly igd: string;
}

/** One kind of router, as data: what to ask, and which steps lead from one state to the next. It never talks to anything. */
export interface RouterDriver {
  readonly name: string;
  /** As a person knows it: `Freebox OS`. */
  readonly title: string;
  /** The values of a place where a task gives none; undefined: it must be given. */
  readonly place: Partial<RouterPlace>;
  /** What it cannot do, in words that end the sentence "this router ...". */
  readonly lacks: {
    readonly source?: string;
    readonly sourceRange?: string;
    readonly range?: string;
    readonly pinhole?: string;
    readonly reservation?: string;
  };
  /** The IPv6 firewall comes with the first write of ours. */
  readonly ownFirewall?: true;
  /** Longest label that it keeps whole. */
  readonly longestLabel: number;
  state(place: RouterPlace): Question<RouterState>;
  /** Why nothing may be written now, with the way out. */
  blocked?(now: RouterState): string | undefined;
  /** In the order of the edits. `next` is the state that they lead to. */
  steps(edits: readonly RouterEdit[], now: RouterState, next: RouterState, place: RouterPlace): readonly Step[];
}
