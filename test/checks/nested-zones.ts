import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Output, outputOf } from "./sample-output";

/**
 * The sample with a map in which zone pci has the OU Regulated, that of zone hipaa is below it, and directly in it are
 * the active account card-vault and the pending account card-vault-new.
 */
export function nestedZones(): Output {
  const config = mkdtempSync(join(tmpdir(), "orgkeys-nested-"));
  try {
    cpSync("config", config, { recursive: true });
    replaceIn(join(config, "zones.yaml"), "ous: [Regulated/PCI]", "ous: [Regulated]");
    replaceIn(
      join(config, "organizations/commercial.yaml"),
      "    id: ou-ab12-30000000\n",
      `    id: ou-ab12-30000000
    environment: prod
    accounts:
      card-vault: "300000000001"
      card-vault-new: {id: "300000000002", status: pending}
`,
    );
    return outputOf(config);
  } finally {
    rmSync(config, { recursive: true });
  }
}

function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not have ${from}`);
  writeFileSync(file, text.replace(from, to));
}
