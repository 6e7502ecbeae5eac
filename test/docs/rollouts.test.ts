import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createStackInstances, listStackInstances } from "../../modules/rollouts/stack-set-commands";

const docs = join(__dirname, "../../docs");
const page = readFileSync(join(docs, "rollouts.md"), "utf8");

describe("the page on rollouts", () => {
  test("shows the commands for a new account as bootstrap prints them", () => {
    const set = { name: "orgkeys-pci-access-roles", callAs: "DELEGATED_ADMIN", region: "us-east-1" } as const;
    expect(page).toContain(`${listStackInstances(set, "ACCOUNT_ID")}\n`);
    expect(page).toContain(`${createStackInstances(set, ["ou-ab12-31000000"], ["us-east-1"])}\n`);
  });

  test("leads to parts that are there, its own and those of other pages", () => {
    const links = [...page.matchAll(/\]\(([\w-]*(?:\.md)?)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(8);
    const broken = links.filter(([, file = "", anchor]) => {
      const path = join(docs, file === "" ? "rollouts.md" : file);
      if (!existsSync(path)) return true;
      const headings = [...readFileSync(path, "utf8").matchAll(/^##+ (.+)$/gm)].map(([, heading = ""]) =>
        heading.toLowerCase().replaceAll(/[`.]/g, "").replaceAll(" ", "-"),
      );
      return anchor !== undefined && !headings.includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});
