import type { ConnectionDefaults } from "../engine/compile/program.ts";
import { askSecret } from "./ask.ts";
import type { ConnectOptions } from "./targetOptions.ts";

/** What the command line says of connections; asks for the passwords that it shall ask for. */
export async function connectionDefaults(o: ConnectOptions): Promise<ConnectionDefaults> {
  const password = o.askPass ? await askSecret("Login password") : undefined;
  const becomePassword = o.askBecomePass ? await askSecret("Password to become another user") : undefined;
  return {
    ...(o.user !== undefined && { user: o.user }),
    ...(o.become && { become: true }),
    ...(o.becomeUser !== undefined && { becomeUser: o.becomeUser }),
    ...(o.becomeMethod !== undefined && { becomeMethod: o.becomeMethod }),
    ...(o.privateKey !== undefined && { privateKey: o.privateKey }),
    ...(o.connection !== undefined && { connection: o.connection }),
    ...(password && { password }),
    ...(becomePassword && { becomePassword }),
  };
}
