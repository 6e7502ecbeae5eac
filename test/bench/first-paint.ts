import { resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { chromiumPath, missingBrowser } from "../e2e/requirements";

/** A page in a window of its own, from where the browser begins to load it. */
export interface PaintFigures {
  /** Until there is something of it to be seen, as the browser says itself: `first-contentful-paint`. */
  readonly firstPaintSeconds: number;
  /** Until every script has run that the file brings. */
  readonly loadedSeconds: number;
}

/**
 * Opens files in Chromium.
 *
 * @returns why not, where there is no Chromium
 */
export async function withPaints<Result>(
  use: (paintOf: (file: string) => Promise<PaintFigures>) => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly why: string }> {
  const [missing] = missingBrowser();
  if (missing !== undefined) return { why: `missing: ${missing}` };
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? "", args: ["--no-sandbox"] });
  try {
    return { result: await use((file) => paintOf(file, browser)) };
  } finally {
    await browser.close();
  }
}

/** For the browser, whose types are not those of this code. An observer also hears of what was painted before it was there. */
const paintAndLoad = `new Promise((told) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName("first-contentful-paint");
    const [navigation] = performance.getEntriesByType("navigation");
    if (paint !== undefined) told([paint.startTime, navigation.duration]);
  }).observe({ type: "paint", buffered: true });
})`;

async function paintOf(file: string, browser: Browser): Promise<PaintFigures> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`file://${encodeURI(resolve(file))}`, { waitUntil: "load" });
    const [painted = Number.NaN, loaded = Number.NaN] = await page.evaluate<number[]>(paintAndLoad);
    return { firstPaintSeconds: painted / 1000, loadedSeconds: loaded / 1000 };
  } finally {
    await context.close();
  }
}
