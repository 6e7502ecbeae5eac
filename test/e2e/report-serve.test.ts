import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Browser, chromium } from "playwright-core";
import { type MapFolder, makeMapFolder } from "../cli/map-folder";
import { stateAt } from "../cli/served-page";
import { type OrgkeysProcess, startOrgkeys } from "./orgkeys-process";
import { chromiumPath, missingBrowser } from "./requirements";

jest.setTimeout(240_000);

let made: MapFolder;
let serving: OrgkeysProcess;
let browser: Browser;

const [missing] = missingBrowser();
if (missing) process.stderr.write(`report-serve skipped, missing: ${missing}\n`);
const withBrowser = missing ? describe.skip : describe;

withBrowser("report --serve in a browser", () => {
  beforeAll(async () => {
    made = makeMapFolder();
    const temporary = join(made.folder, "tmp");
    mkdirSync(temporary);
    serving = startOrgkeys(["report", "--serve", "--config", made.config], { ...process.env, TMPDIR: temporary });
    browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    serving.kill("SIGINT");
    await serving.ended;
    rmSync(made.folder, { recursive: true, force: true });
  });

  async function servedAt(): Promise<string> {
    let url = "";
    while (url === "") {
      await new Promise((resolve) => setTimeout(resolve, 50));
      url = /^http:\S+$/m.exec(serving.printed())?.[0] ?? "";
    }
    return url;
  }

  test("a page that is open follows the map, keeps its address, and shows what is wrong over the last good one", async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    const requested = new Set<string>();
    page.on("request", (request) => requested.add(new URL(request.url()).pathname));
    const url = await servedAt();
    await page.goto(`${url}#/keys`, { waitUntil: "commit" });
    const main = page.locator("main#main");
    await main.waitFor({ timeout: 90_000 });
    expect(await page.evaluate("location.hash")).toBe("#/keys");
    const own = (): Promise<string | null> => page.locator('meta[name="orgkeys-page"]').getAttribute("content");
    const first = await own();

    const file = join(made.config, "workloads", "clinic.yaml");
    const right = readFileSync(file, "utf8");
    writeFileSync(file, right.replace("dataClass:", "dataKlass:"));
    const panel = page.locator("section.live");
    await panel.locator("pre").waitFor({ timeout: 90_000 });
    expect(await panel.locator("pre").textContent()).toContain("dataKlass:");
    expect(await panel.locator(".live-place").textContent()).toMatch(/clinic\.yaml:\d+:\d+$/);
    expect([await main.isVisible(), await own()]).toEqual([true, first]);
    expect(await panel.evaluate("document.querySelector('.live').computedStyleMap().get('position').value")).toBe(
      "fixed",
    );

    writeFileSync(file, right.replace("owner: clinic", "owner: somebody-else"));
    await page
      .locator(`meta[name="orgkeys-page"]:not([content="${first}"])`)
      .waitFor({ state: "attached", timeout: 90_000 });
    await main.waitFor();
    expect(await page.evaluate("location.hash")).toBe("#/keys");
    expect(await panel.isVisible()).toBe(false);
    await page.locator('option[value="somebody-else"]').first().waitFor({ state: "attached", timeout: 10_000 });
    // A browser asks for an icon by itself.
    expect([...requested].filter((path) => path !== "/favicon.ico").sort()).toEqual(["/", "/events"]);
    expect(complaints.filter((each) => !each.includes("404"))).toEqual([]);
  });

  test("the newest of many saves is what is shown, and few of the others are", async () => {
    const url = new URL(await servedAt());
    const file = join(made.config, "workloads", "clinic.yaml");
    const right = readFileSync(file, "utf8");
    let state = await stateAt(url);
    const settled = async (isSo: () => boolean): Promise<void> => {
      const last = Date.now() + 90_000;
      do {
        if (Date.now() > last) throw new Error(`it never came:\n${serving.printed()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        state = await stateAt(url);
      } while (state.reading || !isSo());
    };
    await settled(() => state.page !== "");
    const pages = (): number => serving.printed().split("The page shows").length - 1;
    const [before, shownBefore] = [state.page, pages()];
    for (let count = 0; count < 25; count += 1) {
      writeFileSync(file, count % 2 === 0 ? "not: [a, map" : `${right}\n# ${count}\n`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    writeFileSync(file, right);
    await settled(() => state.page !== before && state.problems.length === 0);
    expect(state.page).toMatch(new RegExp(`-${pages()}$`));
    expect(pages() - shownBefore).toBeLessThan(6);
  });
});
