import { refuse } from "../../kernel/diagnostic.ts";
import type { MapNode, Node } from "../../kernel/node.ts";
import type { Span } from "../../kernel/span.ts";
import type { Value } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import type { Scope } from "../../template/scope.ts";

/** Where a variable can come from: nodes are resolved when they are read, values are there already. */
export interface Layer {
  /** For people: `group_vars/all.yml`, `role nginx defaults`, `set_fact`. */
  readonly origin: string;
  get(name: string): Node | { readonly value: Value } | undefined;
  names(): Iterable<string>;
}

/** Every task of every host sees the same few maps. */
const known = new WeakMap<MapNode, Layer>();

/** A layer of nodes as the user wrote them. */
export function nodeLayer(origin: string, map: MapNode): Layer {
  const made = known.get(map);
  if (made?.origin === origin) return made;
  const byName = new Map(map.entries.map((e) => [e.key.text, e.value]));
  const layer = { origin, get: (name: string) => byName.get(name), names: () => byName.keys() };
  known.set(map, layer);
  return layer;
}

/** A layer of values that are known already. The map is read live. */
export function valueLayer(origin: string, values: ReadonlyMap<string, Value>): Layer {
  return { origin, get: (name) => (values.has(name) ? { value: values.get(name) ?? null } : undefined), names: () => values.keys() };
}

/** A layer whose values are computed when they are read. */
export function computedLayer(origin: string, values: Readonly<Record<string, () => Value>>): Layer {
  return {
    origin,
    get: (name) => (Object.hasOwn(values, name) ? { value: values[name]?.() ?? null } : undefined),
    names: () => Object.keys(values),
  };
}

export type Lookup = NonNullable<Scope["lookup"]>;

/** The variables of one task on one host: layers from low to high, resolved once and only when read. */
export class Variables implements Scope {
  readonly lookup?: Lookup;
  readonly #layers: readonly Layer[];
  readonly #known = new Map<string, Value | undefined>();
  readonly #resolving: { name: string; at: Span | undefined }[] = [];

  constructor(layers: readonly Layer[], lookup?: Lookup) {
    this.#layers = layers;
    if (lookup) this.lookup = lookup;
  }

  get(name: string): Value | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    const found = this.#find(name);
    const value =
      found === undefined ? undefined : "value" in found && !("kind" in found) ? found.value : this.#resolve(name, found as Node);
    this.#known.set(name, value);
    return value;
  }

  names(): Iterable<string> {
    return new Set(this.#layers.flatMap((l) => [...l.names()]));
  }

  /** Every layer that sets the variable, low to high. */
  chain(name: string): { origin: string; node: Node | undefined }[] {
    return this.#layers.flatMap((l) => {
      const found = l.get(name);
      if (found === undefined) return [];
      return [{ origin: l.origin, node: "kind" in found ? found : undefined }];
    });
  }

  #find(name: string): Node | { readonly value: Value } | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const found = this.#layers[i]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #resolve(name: string, node: Node): Value {
    const loop = this.#resolving.findIndex((r) => r.name === name);
    if (loop >= 0) {
      const chain = [...this.#resolving.slice(loop).map((r) => r.name), name].join(" → ");
      refuse(`the variable "${name}" depends on itself: ${chain}`, node.at, "give one of them a value that needs no other");
    }
    this.#resolving.push({ name, at: node.at });
    try {
      return resolve(node, this);
    } finally {
      this.#resolving.pop();
    }
  }
}
