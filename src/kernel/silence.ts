import { LookedAtNoAnswer } from "./fact.ts";

/** A target that falls silent behind a step is no bug of the module that looks at the missing answer: this is told instead. */
export function unlessSilent<T>(instead: T, say: () => T): T {
  try {
    return say();
  } catch (error) {
    if (error instanceof LookedAtNoAnswer) return instead;
    throw error;
  }
}

/** The same where the reason is what is to be told. */
export function whySilent(say: () => string | undefined): string | undefined {
  try {
    return say();
  } catch (error) {
    if (error instanceof LookedAtNoAnswer) return error.message;
    throw error;
  }
}
