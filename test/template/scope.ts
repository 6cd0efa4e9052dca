import { Secret, type Shape, Unknown, type Value } from "../../src/kernel/value.ts";
import type { Scope } from "../../src/template/scope.ts";

/** What a registered result of a command will look like. */
export const resultShape: Shape = {
  kind: "object",
  fields: {
    changed: { kind: "boolean" },
    rc: { kind: "number" },
    stdout: { kind: "string" },
    lines: { kind: "list", of: { kind: "string" } },
    results: { kind: "list", of: { kind: "object", fields: { item: { kind: "any" }, rc: { kind: "number" } } } },
  },
};

/** The variables that the case files read. */
export const variables: Readonly<Record<string, Value>> = {
  x: 5,
  half: 2.5,
  s: "abc",
  b: true,
  off: false,
  n: null,
  l: ["a", "b"],
  none: [],
  m: { k: 1, "key with space": 2, inner: { port: 443 } },
  users: [
    { name: "ann", port: 1 },
    { name: "bob", port: 2 },
  ],
  done: { changed: true, rc: 0, stdout: "hi" },
  hidden: new Secret("hush"),
  hiddens: ["open", new Secret("hush")],
  r: new Unknown("a : b", resultShape),
  anything: new Unknown("c : d"),
};

/** A scope over these variables that counts what is read. */
export function scopeOf(values: Readonly<Record<string, Value>> = variables): Scope & { readonly read: string[] } {
  const read: string[] = [];
  return {
    read,
    get: (name) => {
      read.push(name);
      return Object.hasOwn(values, name) ? values[name] : undefined;
    },
    names: () => Object.keys(values),
    lookup: (kind, name) => (kind.startsWith("secret") ? new Secret(`secret ${name}`) : `${kind} ${name}`),
  };
}
