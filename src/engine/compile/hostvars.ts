import type { Value } from "../../kernel/value.ts";
import { type Layer, valueLayer } from "./scope.ts";

/** What a host has learnt in this run: registered results, set_fact, gathered facts. Copied for looking ahead. */
export class HostVars {
  readonly values: Map<string, Value>;
  readonly layer: Layer;
  /** Grows with every change, so that what was resolved before can be told from what must be resolved again. */
  version: number;

  constructor(values: ReadonlyMap<string, Value> = new Map(), version = 0) {
    this.values = new Map(values);
    this.layer = valueLayer("registered and set_fact", this.values);
    this.version = version;
  }

  set(name: string, value: Value): void {
    this.values.set(name, value);
    this.version++;
  }

  fork(): HostVars {
    return new HostVars(this.values, this.version);
  }
}
