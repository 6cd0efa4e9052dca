import type { Answer } from "./answer.ts";
import type { Mustache } from "./mustaches.ts";

const forms = [
  // {{.Names}}, {{json .State}}, {{range .Mounts}}
  /^\s*-?\s*(?:(?:json|range|if|with|len|index|println?|printf|not|join|upper|lower|title)\s+(?:\S.*\s)?)?\.[A-Za-z_]/,
  // {{$x := 1}}, {{range $k, $v := .}}
  /^\s*-?\s*(?:range\s+)?\$/,
  // {{end}}, {{json .}}
  /^\s*-?\s*(?:end|(?:json|range|println?|len) \.)\s*-?\s*$/,
];

/** A form of Go's templates, as docker, podman and systemd tools take them. */
export function goForm({ blanked, inner }: Mustache): Answer | undefined {
  if (!forms.some((f) => f.test(blanked))) return undefined;
  return {
    message: `{{${inner}}} is a Go template, as docker and other tools take it`,
    help: "to pass the braces through write !raw before the value, or \\{{ in a template",
  };
}
