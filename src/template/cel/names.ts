import type { ASTNode } from "@marcbachmann/cel-js";

/** One variable that an expression names. */
export interface Name {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Which variables an expression may read, and which of them it asks about first. */
export interface Names {
  readonly read: readonly Name[];
  /** First words of the paths in `defined("a.b")`. */
  readonly askedFor: ReadonlySet<string>;
}

const macros = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** Collects the free variables of an expression; names bound by `all`, `map` and the like are not among them. */
export function namesOf(ast: ASTNode): Names {
  const read: Name[] = [];
  const askedFor = new Set<string>();
  const walk = (node: ASTNode, bound: ReadonlySet<string>): void => {
    switch (node.op) {
      case "id":
        if (!bound.has(node.args)) read.push({ name: node.args, start: node.start, end: node.end });
        return;
      case "call": {
        const [name, args] = node.args;
        const [first] = args;
        if (name === "defined" && first?.op === "value") askedFor.add(String(first.args).split(/[.[]/)[0] ?? "");
        for (const arg of args) walk(arg, bound);
        return;
      }
      case "rcall": {
        const [name, receiver, args] = node.args;
        walk(receiver, bound);
        const [variable, ...rest] = args;
        if (macros.has(name) && variable?.op === "id") for (const arg of rest) walk(arg, new Set([...bound, variable.args]));
        else for (const arg of args) walk(arg, bound);
        return;
      }
      default:
        for (const child of children(node)) walk(child, bound);
    }
  };
  walk(ast, new Set());
  return { read, askedFor };
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
    case "call":
    case "rcall":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}
