import { nearest, refuse } from "../../kernel/diagnostic.ts";
import { firstUnknown, isMap, Secret, Unknown, type Value } from "../../kernel/value.ts";
import { isDefined } from "../defined.ts";
import { field } from "../field.ts";
import { kindOf } from "../kind.ts";
import type { LookupKind } from "../scope.ts";
import { reveal, taint, withoutWords } from "../taint.ts";
import type { Call } from "./ast.ts";
import type { Frame } from "./frame.ts";
import type { Helper } from "./helper.ts";
import type { Run } from "./run.ts";
import { isTrue } from "./truth.ts";

/** The helpers that do not simply take values. The count of their arguments was checked. */
export function special(run: Run, name: NonNullable<Helper["special"]>, call: Call, frame: Frame | undefined): Value {
  const value = (i: number): Value => {
    const arg = call.args[i];
    return arg ? run.expression(arg, frame) : null;
  };
  switch (name) {
    case "default": {
      const [first] = call.args;
      return (first && run.maybe(first, frame)) ?? value(1);
    }
    case "defined":
      return isDefined(run.scope, textArgument("defined", value(0)));
    case "and":
    case "or":
      return logic(
        run,
        call.args.map((_, i) => () => value(i)),
        name === "or",
      );
    case "lookup":
      return lookup(run, value(0), value(1));
    case "secret":
      return secret(run, value(0), value(1));
  }
}

/** Stops at the first that decides; an Unknown is passed over when a later one decides. */
function logic(run: Run, values: readonly (() => Value)[], decisive: boolean): Value {
  let unknown: Unknown | undefined;
  for (const get of values) {
    const found = get();
    if (found instanceof Unknown) unknown ??= found;
    else {
      const { value, secret: isSecret } = reveal(found);
      run.secret ||= isSecret;
      if (isTrue(value) === decisive) return decisive;
    }
  }
  return unknown ?? !decisive;
}

function lookup(run: Run, where: Value, name: Value): Value {
  const unknown = where instanceof Unknown ? where : firstUnknown(name);
  if (unknown) return new Unknown(unknown.waitsFor);
  const key = reveal(name);
  if (key.secret) return withoutWords("lookup", () => taint(found(run, where, key.value)));
  return found(run, where, name);
}

function found(run: Run, where: Value, name: Value): Value {
  if (!isMap(where) && !Array.isArray(where)) return read(run, "lookup", kind("lookup", where), name);
  const inside = field(where, String(name), "value");
  return "value" in inside ? inside.value : refuse(`lookup: ${inside.message}`, undefined, inside.help);
}

function secret(run: Run, where: Value, name: Value): Value {
  const unknown = firstUnknown([where, name]);
  if (unknown) return new Unknown(unknown.waitsFor);
  const value = read(run, "secret", `secret_${kind("secret", where)}`, name);
  return value instanceof Secret ? value : taint(value);
}

function read(run: Run, helper: string, where: LookupKind, name: Value): Value {
  if (!run.scope.lookup) return refuse(`${helper} cannot be used here`, undefined, "write the value out");
  return run.scope.lookup(where, textArgument(helper, name));
}

function kind(helper: string, where: Value): "env" | "file" {
  if (where === "env" || where === "file") return where;
  if (typeof where !== "string")
    return refuse(
      `${helper}: the first argument is ${kindOf(where)}`,
      undefined,
      `write ${helper} "env" "NAME" or ${helper} "file" "PATH"`,
    );
  const near = nearest(where, ["env", "file"]);
  return refuse(
    `${helper}: "${where}" is not a place to look in`,
    undefined,
    near ? `did you mean "${near}"?` : 'it is "env" or "file"; a field is read by the path or by lookup VALUE "field"',
  );
}

function textArgument(helper: string, value: Value): string {
  const { value: plain } = reveal(value);
  return typeof plain === "string" ? plain : refuse(`${helper}: the name is ${kindOf(plain)}, wanted a text`);
}
