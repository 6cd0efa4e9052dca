import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Json } from "./reply.ts";

const file = resolve(import.meta.dirname, "../../../../shared/cloudflare/openapi.json");

/** Whether requests and answers are held to the description of the API; where its file is missing only our own rules count. */
export const documented = existsSync(file);

/** The description of the API, each operation compiled when it is first used. */
export class ApiDocument {
  readonly #paths: Json;
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction | undefined>();

  constructor() {
    const text = readFileSync(file, "utf8");
    const document = JSON.parse(text);
    this.#paths = document.paths;
    this.#ajv = new Ajv({ strict: false, allErrors: false, coerceTypes: false });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, "api");
  }

  /** What is wrong with a request, or undefined. */
  request(method: string, template: string, query: URLSearchParams, body: Json): string | undefined {
    const operation = this.#operation(method, template);
    if (!operation) return `the document has no ${method} ${template}`;
    const known = (operation.parameters ?? []).filter((p: Json) => p.in === "query");
    for (const [name, value] of query) {
      const at = (operation.parameters ?? []).findIndex((p: Json) => p.in === "query" && p.name === name);
      if (at < 0) return `unknown query parameter ${name} (known: ${known.map((p: Json) => p.name).join(", ")})`;
      const wrong = this.#check([template, method.toLowerCase(), "parameters", String(at), "schema"], value, true);
      if (wrong) return `query parameter ${name}: ${wrong}`;
    }
    if (!operation.requestBody) return body === undefined ? undefined : "no body is expected";
    if (body === undefined) return "a body is expected";
    return this.#check([template, method.toLowerCase(), "requestBody", "content", "application/json", "schema"], body);
  }

  /** What is wrong with an answer, or undefined. */
  answer(method: string, template: string, status: number, envelope: Json): string | undefined {
    const operation = this.#operation(method, template);
    const key = [String(status), `${Math.floor(status / 100)}XX`].find((k) => operation?.responses[k]);
    if (!key) return `${method} ${template} never answers ${status}`;
    return this.#check([template, method.toLowerCase(), "responses", key, "content", "application/json", "schema"], envelope);
  }

  #operation(method: string, template: string): Json {
    return this.#paths[template]?.[method.toLowerCase()];
  }

  #check(pointer: readonly string[], value: Json, fromText = false): string | undefined {
    const at = `api#/paths/${pointer.map((p) => encodeURIComponent(p.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    if (!this.#compiled.has(at)) this.#compiled.set(at, this.#ajv.getSchema(at));
    const validate = this.#compiled.get(at);
    if (!validate) return `the document has nothing at ${at}`;
    if (fromText ? readings(value).some((v) => validate(v)) : validate(value)) return undefined;
    return this.#ajv.errorsText(validate.errors?.slice(0, 4), { dataVar: "it" });
  }
}

/** A query parameter is text: it may also mean a number, a boolean or a list of one. */
function readings(text: string): Json[] {
  const number = text !== "" && Number.isFinite(Number(text)) ? [Number(text)] : [];
  const boolean = text === "true" || text === "false" ? [text === "true"] : [];
  return [text, ...number, ...boolean, [text]];
}
