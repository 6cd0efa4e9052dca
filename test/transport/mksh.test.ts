import { localWith } from "./shells.ts";

localWith("/bin/mksh", { execIsProgram: false });
