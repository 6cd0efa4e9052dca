import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = join(import.meta.dirname, "..");

/** Seconds that files took, of those with hosts and the long ones: test/durations.ts. */
const recorded: Readonly<Record<string, number>> = JSON.parse(readFileSync(join(import.meta.dirname, "durations.json"), "utf8"));

/** Seconds of a file of which none are recorded: a new one with hosts, or a short one without. */
const usual = { hosts: 60, unit: 1 };

/**
 * Longest first, so that no long file is left alone at the end. Files with hosts mostly wait, the others use the processor: while all
 * workers but one begin with the long ones, that one does those without hosts. It is also the time in which the hosts' images are made.
 */
export class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = (file: TestSpecification): number =>
      recorded[relative(root, file.moduleId)] ?? (file.project.name === "hosts" ? usual.hosts : usual.unit);
    const sorted = files.toSorted((a, b) => seconds(b) - seconds(a));
    const hosts = sorted.filter((f) => f.project.name === "hosts");
    const first = Math.max(0, this.ctx.config.maxWorkers - 1);
    return [...hosts.slice(0, first), ...sorted.filter((f) => f.project.name !== "hosts"), ...hosts.slice(first)];
  }
}
