import { Refused, refuse } from "../../kernel/diagnostic.ts";
import { firstUnknown, isMap, Secret, Unknown, type Value } from "../../kernel/value.ts";
import { kindOf } from "../kind.ts";
import type { Scope } from "../scope.ts";
import { reveal, taint, withoutWords } from "../taint.ts";
import * as wording from "../wording.ts";
import type { Call, EachPart, Expression, IfPart, Part, Stretch, Template, WithPart } from "./ast.ts";
import { type Frame, frameOf } from "./frame.ts";
import { Arguments, type Helper } from "./helper.ts";
import { readPath, tryPath } from "./path.ts";
import type { Run } from "./run.ts";
import { special } from "./special.ts";
import { isTrue } from "./truth.ts";

/** One evaluation of a template. Collects what it meets: the first Unknown, and whether a Secret was read. */
export class Evaluation implements Run {
  readonly scope: Scope;
  readonly template: Template;
  unknown: Unknown | undefined;
  secret = false;
  readonly #out: string[] = [];

  constructor(template: Template, scope: Scope) {
    this.template = template;
    this.scope = scope;
  }

  /** The value of a template that is one expression, else its text. */
  value(): Value {
    const { only } = this.template;
    if (!only) return this.text();
    const value = this.expression(only, undefined);
    return this.secret ? taint(value) : value;
  }

  text(): string | Secret | Unknown {
    this.#parts(this.template.parts, undefined);
    if (this.unknown) return new Unknown(this.unknown.waitsFor, { kind: "string" });
    const text = this.#out.join("");
    return this.secret ? new Secret(text, true) : text;
  }

  expression(expression: Expression, frame: Frame | undefined): Value {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "path":
        return readPath(this, expression, frame);
      case "call":
        return this.#call(expression, frame);
    }
  }

  /** The value, or undefined where a name or field of it is not defined. */
  maybe(expression: Expression, frame: Frame | undefined): Value | undefined {
    return expression.kind === "path" ? tryPath(this, expression, frame) : this.expression(expression, frame);
  }

  refuse(at: Stretch, message: string, help?: string): never {
    refuse(message, this.template.placed.span(at.start, at.end), help);
  }

  #call(call: Call, frame: Frame | undefined): Value {
    const { helper } = call;
    return this.#placed(call, () => {
      if (helper.special) return special(this, helper.special, call, frame);
      const values = call.args.map((a) => this.expression(a, frame));
      if (helper.pick) {
        const whole = values.find((v) => v instanceof Unknown);
        return whole ? new Unknown(whole.waitsFor) : helper.pick(new Arguments(helper, values));
      }
      const unknown = firstUnknown(values);
      if (unknown) return new Unknown(unknown.waitsFor);
      return this.#plain(helper, values);
    });
  }

  /** A refusal without a place gets that of the call. */
  #placed(call: Call, run: () => Value): Value {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Refused) || error.diagnostics.every((d) => d.at)) throw error;
      const at = this.template.placed.span(call.start, call.end);
      throw new Refused(...error.diagnostics.map((d) => (d.at ? d : { ...d, at })));
    }
  }

  #parts(parts: readonly Part[], frame: Frame | undefined): void {
    for (const part of parts) {
      switch (part.kind) {
        case "text":
          this.#out.push(part.text);
          break;
        case "value":
          this.#write(part.of, frame);
          break;
        case "if":
          this.#if(part, frame);
          break;
        case "each":
          this.#each(part, frame);
          break;
        case "with":
          this.#with(part, frame);
      }
    }
  }

  #write(expression: Expression, frame: Frame | undefined): void {
    const value = this.expression(expression, frame);
    if (value instanceof Unknown) this.unknown ??= value;
    else if (value instanceof Secret) {
      this.secret = true;
      this.#out.push(value.reveal());
    } else if (value === null || typeof value === "object") {
      const kind = kindOf(value);
      const name = expression.kind === "path" ? expression.text : "NAME";
      this.refuse(expression, wording.notText(kind), wording.notTextHelp[kind]?.replaceAll("NAME", name));
    } else this.#out.push(String(value));
  }

  #if(part: IfPart, frame: Frame | undefined): void {
    const value = this.expression(part.test, frame);
    if (value instanceof Unknown) {
      this.unknown ??= value;
      return;
    }
    this.secret ||= value instanceof Secret;
    const holds = isTrue(value instanceof Secret ? value.reveal() : value);
    this.#parts(holds !== part.negated ? part.body : part.otherwise, frame);
  }

  #each(part: EachPart, frame: Frame | undefined): void {
    const over = this.expression(part.over, frame);
    if (over instanceof Unknown) {
      this.unknown ??= over;
      return this.#eachUnknown(part, over, frame);
    }
    const items = this.#items(over, part);
    if (items.length === 0) this.#parts(part.otherwise, frame);
    items.forEach(([key, value], index) => {
      this.#parts(part.body, frameOf(part.names, value, key, { index, key, first: index === 0, last: index === items.length - 1 }, frame));
    });
  }

  /** Goes through the body once with an item that is not known, so that a misspelt field is found now. */
  #eachUnknown(part: EachPart, { shape, waitsFor }: Unknown, frame: Frame | undefined): void {
    const item = new Unknown(waitsFor, shape.kind === "list" || shape.kind === "map" ? shape.of : { kind: "any" });
    const key = new Unknown(waitsFor, { kind: shape.kind === "list" ? "number" : "any" });
    this.#parts(part.body, frameOf(part.names, item, key, { index: 0, key: 0, first: true, last: true }, frame));
  }

  #items(over: Value, part: EachPart): (readonly [string | number, Value])[] {
    if (Array.isArray(over)) return (over as readonly Value[]).map((v, i) => [i, v] as const);
    if (isMap(over)) return Object.entries(over);
    return this.refuse(
      part.over,
      `{{#each}} goes over a list or a map, this is ${kindOf(over)}`,
      over === null ? "give it a list, [] for none" : "use {{#if}} or {{#with}}",
    );
  }

  #with(part: WithPart, frame: Frame | undefined): void {
    const value = this.expression(part.value, frame);
    if (value instanceof Unknown) this.unknown ??= value;
    this.secret ||= value instanceof Secret;
    if (isTrue(value instanceof Secret ? value.reveal() : value)) this.#parts(part.body, frameOf(part.names, value, undefined, {}, frame));
    else this.#parts(part.otherwise, frame);
  }

  /** Runs a helper over opened values. What it says of a secret when it fails is not repeated. */
  #plain(helper: Helper, values: readonly Value[]): Value {
    const plain = values.map(reveal);
    const args = new Arguments(
      helper,
      plain.map((p) => p.value),
    );
    const run = (): Value => helper.run?.(args) ?? null;
    if (!plain.some((p) => p.secret)) return run();
    const value = withoutWords(helper.name, run);
    // A boolean cannot carry the secret itself, so the whole text does.
    this.secret ||= typeof value === "boolean";
    return taint(value);
  }
}
