import type { Question } from "../../kernel/fact.ts";
import { type Identity, identityKey } from "../../kernel/target.ts";

export interface Need {
  readonly identity: Identity;
  readonly questions: Map<string, Question>;
}

/** Questions to be asked, each once, by who asks them. */
export class Needs {
  readonly byIdentity = new Map<string, Need>();

  add(identity: Identity, questions: readonly Question[]): void {
    if (questions.length === 0) return;
    const key = identityKey(identity);
    const need = this.byIdentity.get(key) ?? { identity, questions: new Map<string, Question>() };
    this.byIdentity.set(key, need);
    for (const question of questions) need.questions.set(question.id, question);
  }

  get empty(): boolean {
    return this.byIdentity.size === 0;
  }

  of(identity: Identity): Need | undefined {
    return this.byIdentity.get(identityKey(identity));
  }
}
