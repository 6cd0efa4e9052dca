import { runCommandLine } from "./commandline.ts";
import { exitCode } from "./outcome.ts";

// A closed pipe (`rempart list tasks | head`) is the reader's wish, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const outcome = await runCommandLine(process.argv.slice(2));

// The only place that sets the exit code. Not process.exit: what is still being written to a pipe would be lost.
process.exitCode = exitCode(outcome);
// After a bug nobody closes what is open, and the process would wait for it.
if (outcome.bug) process.exit();
