import type { ASTNode } from "@marcbachmann/cel-js";
import { refuse } from "../../kernel/diagnostic.ts";
import { firstUnknown, Unknown, type Value } from "../../kernel/value.ts";
import { field } from "../field.ts";
import { kindOf } from "../kind.ts";
import { type Scope, variable } from "../scope.ts";
import * as wording from "../wording.ts";
import { call } from "./call.ts";
import { apply, Misapplied, type Operator } from "./operators.ts";
import type { Cel } from "./parse.ts";
import { type CelValue, fromCel, isList, isNumber, toCel } from "./plain.ts";
import type { Bound, CelRun } from "./run.ts";

/** One evaluation of an expression. Reads only the variables that decide. */
export class CelEvaluation implements CelRun {
  readonly cel: Cel;
  readonly scope: Scope;
  /** A Secret was read. */
  secret = false;
  readonly resolved = new Set<string>();

  constructor(cel: Cel, scope: Scope) {
    this.cel = cel;
    this.scope = scope;
  }

  run(node: ASTNode, bound: Bound): CelValue {
    switch (node.op) {
      case "value":
        return this.#literal(node);
      case "id":
        return this.#name(node.args, node, bound);
      case ".":
        return this.#field(node, node.args[0], node.args[1], bound);
      case "[]":
        return this.#index(node.args[0], node.args[1], bound);
      case "||":
        return this.#logic(node.args, true, bound);
      case "&&":
        return this.#logic(node.args, false, bound);
      case "?:":
        return this.#choose(node.args, bound);
      case "!_":
        return this.#not(node.args, bound);
      case "-_":
        return this.#minus(node, node.args, bound);
      case "list":
        return node.args.map((item) => this.keep(this.run(item, bound), item));
      case "map":
        return this.#map(node.args, bound);
      case "call":
        return call(this, node, node.args[0], undefined, node.args[1], bound);
      case "rcall":
        return call(this, node, node.args[0], node.args[1], node.args[2], bound);
      case ".?":
      case "[?]":
        return this.refuse(node, "optional fields are not part of the language", 'ask with defined("a.b")');
      default:
        return this.#binary(node, node.op, node.args, bound);
    }
  }

  /** A condition inside of an expression: true, false or Unknown. */
  holds(node: ASTNode, bound: Bound): boolean | Unknown {
    const value = this.run(node, bound);
    if (typeof value === "boolean" || value instanceof Unknown) return value;
    const kind = kindOf(value as Value);
    return this.refuse(node, wording.wantsBoolean(kind), wording.booleanHelp(kind, this.text(node)));
  }

  /** What an item of a list or map becomes. */
  keep(value: CelValue, node: ASTNode): Value {
    return fromCel(value) ?? (value === undefined ? null : this.refuse(node, "the number is too large", "use smaller numbers"));
  }

  plain(value: Value): CelValue {
    return toCel(value, () => {
      this.secret = true;
    });
  }

  text(node: ASTNode): string {
    return this.cel.placed.text.slice(node.start, node.end);
  }

  refuse(node: { readonly start: number; readonly end: number }, message: string, help?: string): never {
    refuse(message, this.cel.placed.span(node.start, node.end), help);
  }

  #literal(node: ASTNode & { op: "value" }): CelValue {
    const value = node.args;
    if (value === null || ["string", "number", "bigint", "boolean"].includes(typeof value)) return value as CelValue;
    return this.refuse(node, "bytes and unsigned numbers are not part of the language", "write a text or a number");
  }

  #name(name: string, node: ASTNode, bound: Bound): CelValue {
    const local = bound.get(name);
    if (local !== undefined) return this.plain(local);
    this.resolved.add(name);
    return this.plain(variable(this.scope, name, this.cel.placed.span(node.start, node.end)));
  }

  #field(node: ASTNode, of: ASTNode, name: string, bound: Bound): CelValue {
    const owner = this.run(of, bound);
    const end = node.end;
    return this.#read(owner, name, of, { start: end - name.length, end });
  }

  #index(of: ASTNode, by: ASTNode, bound: Bound): CelValue {
    const owner = this.run(of, bound);
    const before = this.secret;
    this.secret = false;
    const key = this.run(by, bound);
    const secretKey = this.secret;
    this.secret ||= before;
    if (key instanceof Unknown) return new Unknown(key.waitsFor);
    if (isList(owner) ? typeof key !== "bigint" : typeof key !== "string" && typeof key !== "bigint") {
      return this.refuse(
        by,
        isList(owner) ? "an item of a list is named by a whole number" : "a field is named by a text",
        isList(owner) ? "write list[0]" : 'write map["key"]',
      );
    }
    if (secretKey && !("value" in field(this.keep(owner, of), String(key), "")))
      return this.refuse(by, `"${this.text(of)}" has no such field`);
    return this.#read(owner, String(key), of, by);
  }

  #read(owner: CelValue, name: string, of: ASTNode, at: { start: number; end: number }): CelValue {
    const found = field(this.keep(owner, of), name, this.text(of));
    if ("value" in found) return this.plain(found.value);
    return this.refuse(at, found.message, found.help);
  }

  /** An Unknown is passed over when the other side decides; a real error never is. */
  #logic(sides: readonly [ASTNode, ASTNode], decisive: boolean, bound: Bound): boolean | Unknown {
    const left = this.holds(sides[0], bound);
    if (left === decisive) return decisive;
    const right = this.holds(sides[1], bound);
    if (right === decisive) return decisive;
    return left instanceof Unknown ? left : right;
  }

  #choose([test, yes, no]: readonly [ASTNode, ASTNode, ASTNode], bound: Bound): CelValue {
    const holds = this.holds(test, bound);
    return holds instanceof Unknown ? new Unknown(holds.waitsFor) : this.run(holds ? yes : no, bound);
  }

  #not(of: ASTNode, bound: Bound): CelValue {
    const value = this.holds(of, bound);
    return value instanceof Unknown ? value : !value;
  }

  #minus(node: ASTNode, of: ASTNode, bound: Bound): CelValue {
    const value = this.run(of, bound);
    if (value instanceof Unknown) return value;
    return isNumber(value) ? -value : this.refuse(node, `"-" takes a number, this is ${kindOf(value as Value)}`);
  }

  #map(entries: readonly (readonly [ASTNode, ASTNode])[], bound: Bound): CelValue {
    return Object.fromEntries(
      entries.map(([key, value]) => {
        const name = this.run(key, bound);
        if (typeof name !== "string") this.refuse(key, "a key must be a text", 'write {"key": value}');
        return [name, this.keep(this.run(value, bound), value)];
      }),
    );
  }

  #binary(node: ASTNode, op: Operator, [left, right]: readonly [ASTNode, ASTNode], bound: Bound): CelValue {
    const a = this.run(left, bound);
    const b = this.run(right, bound);
    const unknown = firstUnknown([a, b]);
    if (unknown) return new Unknown(unknown.waitsFor, ["+", "-", "*", "/", "%"].includes(op) ? { kind: "any" } : { kind: "boolean" });
    return this.checked(apply(op, a, b), node);
  }

  checked(value: CelValue | Misapplied, node: ASTNode): CelValue {
    return value instanceof Misapplied ? this.refuse(node, value.message, value.help) : value;
  }
}
