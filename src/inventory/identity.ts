import { refuse } from "../kernel/diagnostic.ts";
import { asLogin, type Identity } from "../kernel/target.ts";
import { booleanOf, type Get, secretOf, textOf } from "./settings.ts";

const methods: readonly string[] = ["sudo", "su", "doas"];

/** What the keywords of a task say, resolved. */
export interface BecomeKeywords {
  readonly become?: boolean;
  readonly user?: string;
  readonly method?: string;
}

/** Who acts: the task's keywords first, then the host's variables, then root by sudo. Throws Refused for a wrong value. */
export function identityOf(get: Get, task: BecomeKeywords): Identity {
  const become = task.become ?? booleanOf(get, "ansible_become") ?? false;
  if (!become) return asLogin;
  const method = task.method ?? textOf(get, "ansible_become_method") ?? "sudo";
  if (!isMethod(method))
    return refuse(`there is no way to become another user called "${method}"`, undefined, `become_method is ${methods.join(", ")}`);
  const user = task.user ?? textOf(get, "ansible_become_user") ?? "root";
  const password = secretOf(get, "ansible_become_password") ?? secretOf(get, "ansible_become_pass");
  return { method, user, ...(password && { password }) };
}

function isMethod(text: string): text is Exclude<Identity["method"], "none"> {
  return methods.includes(text);
}
