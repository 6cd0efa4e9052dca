/** Every form in which a text is known to travel: plain, JSON, URL, base64 at each alignment, hex, quoted for a shell. */
export function encodingsOf(text: string): ReadonlySet<string> {
  const plain = text.toWellFormed();
  const bytes = Buffer.from(plain);
  const hex = bytes.toString("hex");
  const json = inJson(plain);
  const forms = [
    text,
    plain,
    json,
    asciiJson(json),
    inJson(json),
    ...inUrl(plain),
    ...inBase64(bytes),
    hex,
    hex.toUpperCase(),
    plain.replaceAll("'", "'\\''"),
  ];
  return new Set(forms.filter((f) => f !== ""));
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As printers do that write ASCII only. */
function asciiJson(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function inUrl(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*~_.-]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const rfc3986 = component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([["", text]]).toString().slice(1);
  const all = [component, rfc3986, strict, form, encodeURI(text)];
  return [...all, ...all.map((u) => u.replace(/%[0-9A-F]{2}/g, (h) => h.toLowerCase()))];
}

/** The part of each base64 text around the bytes that does not depend on what stands before and behind them. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const core = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
