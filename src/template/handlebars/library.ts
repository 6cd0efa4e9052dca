import { createRequire } from "node:module";
import type Handlebars from "handlebars";

/** The parser of the library alone: its main entry loads forty files more, which every start of the program would pay for. */
const library = createRequire(import.meta.url)("handlebars/dist/cjs/handlebars/compiler/base.js") as Pick<typeof Handlebars, "parse">;

export const { parse } = library;
