import type { Command } from "commander";
import type { AddCommand } from "../command.ts";
import { vaultOptions } from "../targetOptions.ts";
import type { VaultOptions } from "../vaultFiles.ts";

/** `rempart vault encrypt|decrypt|edit|view FILE` */
export const vault: AddCommand = (program, ended) => {
  const command = program.command("vault").summary("encrypt, decrypt, edit or view files with secrets (age)").helpCommand(false);
  const add = (name: "encrypt" | "decrypt" | "edit" | "view", summary: string): Command =>
    vaultOptions(command.command(`${name} <file>`).summary(summary)).action(async (file: string, o: VaultOptions) => {
      const actions = await import("../vaultFiles.ts");
      ended(await actions[name](file, o));
    });
  add("encrypt", "encrypt a file in place, for a passphrase, the recipients of identity files, or --recipient").option(
    "--recipient <age1...>",
    "public key that can open it; may be repeated",
    (value: string, previous: readonly string[]) => [...previous, value],
    [],
  );
  add("decrypt", "decrypt a file in place");
  add("edit", "open the plain text in $EDITOR and encrypt it again");
  add("view", "print the plain text");
};
