import { describe } from "vitest";
import { chainCases } from "./cases/chains.ts";
import { downloadCases } from "./cases/downloads.ts";
import { hostileCases } from "./cases/hostile.ts";
import { lockCases } from "./cases/locks.ts";
import { questionCases } from "./cases/questions.ts";
import { stepCases } from "./cases/steps.ts";
import { uploadCases } from "./cases/uploads.ts";
import { writeCases } from "./cases/writes.ts";
import { type OpenTarget, Subject, type Traits, usualTraits } from "./subject.ts";

/** What every transport must do, whatever shell is behind it. `open` makes a new connection with these bounds. */
export function conformance(name: string, open: OpenTarget, traits: () => Partial<Traits> = () => ({})): void {
  describe(name, () => {
    const subject = new Subject(open, () => ({ ...usualTraits, ...traits() }));
    questionCases(subject);
    chainCases(subject);
    stepCases(subject);
    writeCases(subject);
    uploadCases(subject);
    downloadCases(subject);
    lockCases(subject);
    hostileCases(subject);
  });
}
