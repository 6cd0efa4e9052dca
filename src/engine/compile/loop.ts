import { refuse } from "../../kernel/diagnostic.ts";
import { isMap, Unknown, type Value } from "../../kernel/value.ts";
import type { Entry, Loop } from "../../playbook/model.ts";
import type { Bindings } from "../decide/cursor.ts";
import { filesMatching } from "./fileglob.ts";
import type { Variables } from "./scope.ts";

/** The items of a loop, from what it goes over. Throws Refused when that is no list. */
export function itemsOf(loop: Loop, value: Value, variables: Variables): readonly Value[] {
  if (loop.form === "dict") return pairsOf(value, loop);
  if (loop.form === "fileglob" && typeof value === "string") return filesMatching([value], variables);
  if (!Array.isArray(value)) {
    const help = isMap(value) ? "write with_dict: each turn has item.key and item.value" : "write a list, or a name whose value is one";
    return refuse("loop needs a list", loop.over.at, help);
  }
  const list = value as readonly Value[];
  if (loop.form === "fileglob") return filesMatching(list, variables);
  return loop.form === "items" ? list.flat() : list;
}

function pairsOf(value: Value, { over }: Loop): readonly Value[] {
  if (!isMap(value)) return refuse("with_dict needs a map", over.at, "write a map, or a name whose value is one; a list belongs into loop");
  return Object.entries(value).map(([key, v]) => ({ key, value: v }));
}

/** The bindings of one turn of a loop. `items`: all of them, as far as they are known. */
export function turn({ loop }: Entry, bind: Bindings, item: Value, index: number, items: readonly Value[] | Unknown): Bindings {
  if (!loop) return bind;
  const inner = new Map(bind).set(loop.variable, item);
  if (loop.indexVariable !== undefined) inner.set(loop.indexVariable, index);
  if (loop.extended) inner.set("ansible_loop", items instanceof Unknown ? items : extended(items, index, loop.extended));
  return inner;
}

/** What `ansible_loop` says of a turn, as Ansible has it. */
function extended(items: readonly Value[], index: number, how: NonNullable<Loop["extended"]>): Value {
  const { length } = items;
  const [before, after] = [items[index - 1], items[index + 1]];
  return {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
    ...(before !== undefined && { previtem: before }),
    ...(after !== undefined && { nextitem: after }),
    ...(how === "whole" && { allitems: items }),
  };
}
