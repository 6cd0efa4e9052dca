const raw = "to pass it through write !raw before the value";

const tags = new Map([
  ["if", "write {{#if (eq a b)}} ... {{else}} ... {{/if}}"],
  ["elif", "write {{else if (eq a b)}}"],
  ["else", "write {{else}}"],
  ["endif", "write {{/if}}"],
  ["for", "write {{#each list as |item|}} ... {{/each}}"],
  ["endfor", "write {{/each}}"],
  ["set", "set it under vars"],
  ["include", "use a template task of its own"],
  ["import", "use a template task of its own"],
  ["macro", "write the text out, or loop over a list"],
]);

/** Our spelling of a `{% tag %}`. */
export function jinjaTagHelp(tag: string): string {
  return tags.get(tag) ?? raw;
}
