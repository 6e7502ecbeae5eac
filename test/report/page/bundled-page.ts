import { build } from "esbuild";
import { packPage } from "../../../modules/report/pack-page";
import type { PageData } from "../../../modules/report/page-data";

/** The page's script and its styles, as they stand in a report. */
export async function bundledPage(): Promise<{ script: string; styles: string }> {
  const { outputFiles } = await build({
    entryPoints: ["modules/report/page/main.ts", "modules/report/page/page.css"],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome120", "firefox120", "safari17.5"],
    outdir: "page",
    write: false,
  });
  const ending = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: ending(".js"), styles: ending(".css") };
}

/** A page of that data, with no more around it than the script needs. */
export async function renderedPage(data: PageData): Promise<string> {
  const { script, styles } = await bundledPage();
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>orgkeys</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<style>${styles}</style></head><body><div id="page"></div>
<script type="application/json" id="data">${JSON.stringify(packPage(data)).replaceAll("<", "\\u003c")}</script>
<script>${script.replaceAll("</script", "<\\/script")}</script></body></html>`;
}
