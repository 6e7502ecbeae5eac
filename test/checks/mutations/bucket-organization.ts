import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Output, outputOf } from "../sample-output";

/** The sample organization, with the state of each zone in a bucket of its own: `example-orgkeys-ZONE`. */
export function bucketOrganization(): Output {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-mutations-"));
  try {
    cpSync("config", folder, { recursive: true });
    const file = join(folder, "zones.yaml");
    const zones = readFileSync(file, "utf8").replace(
      /^(\w+):\n {2}organization: (\w+)$/gm,
      (zone, name: string, organization: string) =>
        `${zone}\n  state: {s3: {bucket: example-orgkeys-${name}, region: ${organization === "govcloud" ? "us-gov-west-1" : "us-east-1"}}}`,
    );
    writeFileSync(file, zones);
    return outputOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
