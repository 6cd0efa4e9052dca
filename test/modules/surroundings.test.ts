import { expect, test } from "vitest";
import type { Question } from "../../src/kernel/fact.ts";
import { flatQuestions, type Surroundings } from "../../src/kernel/module.ts";
import { Secret } from "../../src/kernel/value.ts";
import { modules } from "../../src/modules/index.ts";

const asked: Readonly<Record<string, object>> = {
  "command with reads": { command: { cmd: "id", reads: true } },
  "command with unless": { command: { cmd: "id", unless: "true" } },
  "shell with only_if": { shell: { cmd: "id", only_if: "true" } },
  uri: { uri: { url: "http://127.0.0.1/" } },
  docker_compose: { docker_compose: { project_src: "/srv/app" } },
};

function questionOf(task: object, how: Surroundings): Question {
  const [name = "", args] = Object.entries(task)[0] ?? [];
  const made = modules.find((m) => m.name === name)?.prepare(args, how);
  const [question] = made?.ok ? flatQuestions(made.prepared.questions) : [];
  if (!question) throw new Error(`${name} asks nothing`);
  return question;
}

const keyOf = (task: object, how: Surroundings): unknown => questionOf(task, how).key;

test.each(Object.entries(asked))("the question of %s is asked in the environment of the task", (_, task) => {
  const environment = { A: "b", T: new Secret("a word that is hidden") };
  const key = keyOf(task, { environment });
  expect(key).toMatchObject({ environment });
  const other = keyOf(task, { environment: { ...environment, T: new Secret("another word") } });
  expect(JSON.stringify(other)).not.toBe(JSON.stringify(key));
  expect(JSON.stringify(key)).not.toContain("a word that is hidden");
  expect(keyOf(task, {})).not.toHaveProperty("environment");
});

test("a question that runs the user's text ends at the bound of the task", () => {
  const { fact, key } = questionOf({ command: { cmd: "id", reads: true } }, { timeout: 7 });
  expect(fact.bound?.(key)).toBe(7);
});
