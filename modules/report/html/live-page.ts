import { createHash } from "node:crypto";

/** What a served page has in addition. */
export interface LiveParts {
  readonly script: string;
  readonly styles: string;
}

/**
 * A page as it is served: it hears from its own server, and from nobody else, when there is a newer one. The file that
 * `report --html` writes may not even do that.
 *
 * @param id which page it is
 * @throws for a text that is no page
 */
export function livePage(page: string, id: string, { script, styles }: LiveParts): string {
  const [start, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)/.exec(page) ?? [];
  const end = page.lastIndexOf("</body>");
  if (start === undefined || end < 0) throw new Error("it is no page");
  const live = policy
    .replace("script-src ", `script-src ${hashOf(script)} `)
    .replace("style-src ", `style-src ${hashOf(styles)} `);
  const at = page.indexOf(start) + start.length;
  return [
    page.slice(0, at - policy.length),
    `${live}; connect-src 'self'`,
    page.slice(at, end),
    `<meta name="orgkeys-page" content="${id}">\n<style>${styles}</style>\n<script>${script}</script>\n`,
    page.slice(end),
  ].join("");
}

/** What is served before there is a page. */
export function waitingPage(parts: LiveParts): string {
  const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ; style-src ; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>orgkeys</title>
</head>
<body>
<p>There is no page yet: it comes by itself, as soon as the map is right.</p>
</body>
</html>
`;
  return livePage(page, "", parts);
}

/** Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
