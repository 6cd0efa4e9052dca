import { createRequire } from "node:module";
import type Handlebars from "handlebars";

const load = createRequire(import.meta.url);

/** The parser of the library alone: its main entry loads forty files more, which every start of the program would pay for. */
export const { parse } = load("handlebars/dist/cjs/handlebars/compiler/base.js") as Pick<typeof Handlebars, "parse">;

/** The library's way to write a text into HTML. */
export const { escapeExpression } = load("handlebars/dist/cjs/handlebars/utils.js") as Pick<typeof Handlebars, "escapeExpression">;
