import { expect, test } from "@jest/globals";
import { livePage, waitingPage } from "../../../modules/report/html/live-page";

const parts = { script: "live()", styles: ".live{}" };
const page = `<!DOCTYPE html>
<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;; script-src &#x27;sha256-a&#x27;; style-src &#x27;sha256-b&#x27;">
<body><script type="application/json">"script-src </body> in a text"</script></body>
</html>`;

/** What a page may do, by what it is about. */
function policyOf(text: string): Map<string, string> {
  const [, policy = ""] = /Security-Policy" content="([^"]*)"/.exec(text) ?? [];
  return new Map(
    policy.split("; ").map((each): [string, string] => {
      const [name = "", ...sources] = each.replaceAll("&#x27;", "'").split(" ");
      return [name, sources.join(" ").trim()];
    }),
  );
}

test("a served page may connect to itself alone, and runs its own script besides the page's", () => {
  const live = livePage(page, "run-1", parts);
  expect(policyOf(page).has("connect-src")).toBe(false);
  expect(Object.fromEntries(policyOf(live))).toEqual({
    "default-src": "'none'",
    "script-src": expect.stringMatching(/^'sha256-[^']{44}' 'sha256-a'$/),
    "style-src": expect.stringMatching(/^'sha256-[^']{44}' 'sha256-b'$/),
    "connect-src": "'self'",
  });
  expect(live).toContain(
    '</script><meta name="orgkeys-page" content="run-1">\n<style>.live{}</style>\n<script>live()</script>\n</body>',
  );
  expect(live).toContain('"script-src </body> in a text"');
});

test("there is a page to wait on, of no map", () => {
  const waiting = waitingPage(parts);
  expect(policyOf(waiting).get("default-src")).toBe("'none'");
  expect(policyOf(waiting).get("connect-src")).toBe("'self'");
  expect(waiting).toContain('<meta name="orgkeys-page" content="">');
});

test.each(["", "<html></html>", page.replace("http-equiv", "name")])(
  "what is no page is served to nobody: %j",
  (text) => {
    expect(() => livePage(text, "run-1", parts)).toThrow("it is no page");
  },
);
