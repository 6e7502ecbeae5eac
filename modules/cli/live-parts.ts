import { join } from "node:path";
import { buildSync } from "esbuild";
import type { LiveParts } from "../report/html/live-page";

const folder = join(__dirname, "../report/page");

/** @throws where the code of the page does not compile */
export function liveParts(): LiveParts {
  const [script = "", styles = ""] = ["live.ts", "live.css"].map((file) => {
    const { outputFiles } = buildSync({
      entryPoints: [join(folder, file)],
      absWorkingDir: folder,
      bundle: true,
      minify: true,
      format: "iife",
      platform: "browser",
      charset: "utf8",
      tsconfigRaw: {},
      logLevel: "silent",
      write: false,
    });
    return (outputFiles[0]?.text ?? "").trimEnd();
  });
  return { script, styles };
}
