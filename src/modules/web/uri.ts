import { z } from "zod";
import { inEnvironment } from "../../facts/environment.ts";
import { type HttpKey, type HttpValue, http, httpScript, readHttp } from "../../facts/http.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { defineModule } from "../../kernel/module.ts";
import type { ScriptStep, StepResult } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import { httpKey } from "../parts/http-request.ts";

const secretText = z.union([z.string(), z.instanceof(Secret)]);

const args = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, "an address begins with http:// or https:// and has no blanks")
      .describe("Address. It is seen in messages: no secret may be in it."),
    method: z
      .enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
      .optional()
      .describe("Default GET. GET, HEAD and OPTIONS count as questions, the others as actions."),
    body: z.any().optional().describe("What is sent: a text, or with body_format: json a map or list."),
    body_format: z
      .enum(["raw", "json", "form-urlencoded"])
      .optional()
      .describe("How body is written; also sets Content-Type. Default raw."),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]+$/, "a header has a name of letters, digits and -"), z.union([secretText, z.number()]))
      .optional()
      .describe("Headers to send. Values may be secret: they are not seen in the process list."),
    url_username: z.string().optional().describe("User for basic authentication."),
    url_password: secretText.optional().describe("Password for basic authentication."),
    status_code: z
      .union([z.int(), z.array(z.int())])
      .optional()
      .describe("The status codes that are right. Default 200."),
    return_content: z.boolean().optional().describe("Put the body into the result. Default false."),
    follow_redirects: z.enum(["none", "all", "safe"]).optional().describe("safe (the default) and all follow redirects, none does not."),
    validate_certs: z.boolean().optional().describe("false accepts any certificate. Default true."),
    timeout: z.int().min(1).max(600).optional().describe("Seconds for the whole request. Default 30."),
  })
  .refine((a) => bodyOf(a) !== null, { path: ["body"], error: "body is text; for a map or list write body_format: json" })
  .refine((a) => Object.values(a.headers ?? {}).every((v) => !/[\r\n]/.test(v instanceof Secret ? v.reveal() : String(v))), {
    path: ["headers"],
    error: "a header is one line",
  });

type Arguments = z.output<typeof args>;

/** The text that is sent; null when there is none for this body and format. */
function bodyOf(a: { readonly body?: unknown; readonly body_format?: string | undefined }): string | Secret | undefined | null {
  const { body } = a;
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Secret) return body;
  const secret = holds(body);
  const json = JSON.stringify(reveal(body));
  if (a.body_format === "json") return secret ? new Secret(json) : json;
  if (a.body_format !== "form-urlencoded" || typeof body !== "object" || Array.isArray(body)) return null;
  const form = new URLSearchParams(Object.entries(reveal(body) as object).map(([k, v]): [string, string] => [k, String(v)])).toString();
  return secret ? new Secret(form) : form;
}

function holds(value: unknown): boolean {
  return value instanceof Secret || (typeof value === "object" && value !== null && Object.values(value).some(holds));
}

function reveal(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(reveal);
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, reveal(v)])) : value;
}

function keyOf(a: Arguments): HttpKey {
  const type =
    a.body_format === "json"
      ? { "Content-Type": "application/json" }
      : a.body_format === "form-urlencoded"
        ? { "Content-Type": "application/x-www-form-urlencoded" }
        : {};
  const given = Object.keys(a.headers ?? {}).some((h) => h.toLowerCase() === "content-type");
  return httpKey({
    url: a.url,
    method: a.method ?? "GET",
    headers: { ...(given ? {} : type), ...a.headers },
    body: bodyOf(a) ?? undefined,
    user: a.url_username,
    password: a.url_password,
    timeout: a.timeout ?? 30,
    verify: a.validate_certs !== false,
    follow: a.follow_redirects !== "none",
  });
}

function asks(a: Arguments): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(a.method ?? "GET");
}

function answerOf(a: Arguments, asked: readonly { readonly value: HttpValue }[], ran: readonly StepResult[]): HttpValue {
  const last = ran.at(-1);
  if (!last) return asked[0]?.value ?? { status: -1, error: "not sent", headers: {}, body: "", url: a.url };
  // Cut off or killed in its midst: there is no record to be read.
  if (last.rc !== 0) return { status: -1, error: `the request ended with exit code ${last.rc}`, headers: {}, body: "", url: a.url };
  const read = readHttp(Buffer.from(last.stdout.trimEnd()), a.url);
  return read instanceof NoAnswer ? { status: -1, error: read.why, headers: {}, body: "", url: a.url } : read;
}

function wrong(a: Arguments, answer: HttpValue): string | undefined {
  if (answer.status < 0) return `${a.url} did not answer: ${answer.error}`;
  const right = [a.status_code ?? 200].flat();
  return right.includes(answer.status) ? undefined : `${a.url} answered ${answer.status}, wanted was ${right.join(" or ")}`;
}

/** Sends a request from the target. */
export const uri = defineModule({
  name: "uri",
  kind: "action",
  kindOf: (a) => (asks(a) ? "question" : "action"),
  summary: "Send a web request from the target and check the status of the answer.",
  notes: [
    "curl is used. A GET without headers, body, user and special options also works with wget alone, which tells 200 from failure and nothing else.",
    "GET, HEAD and OPTIONS are questions: they are asked in check mode too. All other methods are sent in every run.",
    "Headers, body and password go by standard input: they are not seen in the process list.",
  ],
  args,
  result: z.object({
    status: z.number().describe("Status code; -1 without an answer."),
    url: z.string().describe("The address after redirects."),
    content: z.string().describe("The body with return_content, else empty."),
    json: z.any().describe("The body as a value when it is JSON, else null."),
    headers: z.record(z.string(), z.string()).describe("Headers of the answer, names in lower case."),
  }),
  examples: [
    { title: "Is it healthy", yaml: "uri: { url: 'http://127.0.0.1:8096/health' }" },
    {
      title: "Send something",
      yaml: "uri: { url: 'https://hooks.example.org/x', method: POST, body_format: json, body: { text: done }, status_code: [200, 204] }",
    },
  ],
  secretArgs: ["url_password"],
  facts: (a, { environment }) => ({ answer: asks(a) ? [http({ ...keyOf(a), ...inEnvironment(environment) })] : [] }),
  plan(a, facts) {
    // Looked at, so that a target without curl fails the task.
    if (facts.answer.some((f) => f.value)) return [];
    const text = httpScript(keyOf(a)).text;
    const secret = keyOf(a).config instanceof Secret;
    const step: ScriptStep = { do: "script", text: secret ? new Secret(text) : text, timeout: (a.timeout ?? 30) + 5 };
    return [
      {
        subject: "request",
        fields: [{ name: "send", before: undefined, after: `${a.method} ${a.url}`, action: true }],
        steps: [step],
        predicts: [],
        opaque: true,
      },
    ];
  },
  proof: (a, { after, ran }) => wrong(a, answerOf(a, after.answer, ran)),
  resultOf(a, { after, ran }) {
    const { status, url, body, headers } = answerOf(a, after.answer, ran);
    return { status, url, headers, content: a.return_content === true ? body : "", json: jsonOf(body) };
  },
});

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
