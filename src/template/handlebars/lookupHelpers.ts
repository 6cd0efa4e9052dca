import type { Helper } from "./helper.ts";

/** Helpers that read from the machine that runs Rempart, or from a value by a computed name. */
export const lookupHelpers: readonly Helper[] = [
  {
    name: "lookup",
    args: [
      { name: "where", takes: "anything" },
      { name: "name", takes: "anything" },
    ],
    summary:
      'An environment variable (`lookup "env" "HOME"`), the text of a file of the controller (`lookup "file" "~/x"`), or the field or item of a list or map.',
    example: { write: '{{ lookup (map "a" 1) "a" }}', gives: "1" },
    special: "lookup",
  },
  {
    name: "secret",
    args: [
      { name: "where", takes: "text" },
      { name: "name", takes: "text" },
    ],
    summary: 'As `lookup "env"` and `lookup "file"`; the value is secret, and everything made of it too.',
    example: { write: '{{#if false}}{{ secret "env" "CF_TOKEN" }}{{/if}}', gives: "" },
    special: "secret",
  },
];
