import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AUDIT_OVERRIDE_FILE, auditOverride, withAuditOverride } from "../../modules/terraform/steps/audit-override";

const arn = (name: string): string => `arn:aws:iam::310000000001:role/${name}`;
const provider = (alias: string, role: string): object => ({
  alias,
  region: alias,
  assume_role: [{ role_arn: role, session_name: "orgkeys", external_id: "x", tags: { Project: "p" } }],
});

describe("planning with the audit role", () => {
  test("changes the role of every provider, and nothing else of how it is assumed", () => {
    const stack = { provider: { aws: [provider("us-east-1", arn("Deploy")), provider("us-west-2", arn("Deploy"))] } };
    const assumed = [{ role_arn: arn("Audit"), session_name: "orgkeys", external_id: "x", tags: { Project: "p" } }];
    expect(auditOverride(stack, "Audit")).toEqual({
      provider: {
        aws: [
          { alias: "us-east-1", assume_role: assumed },
          { alias: "us-west-2", assume_role: assumed },
        ],
      },
    });
  });

  test.each([
    ["no provider", {}],
    ["a provider without a role", { provider: { aws: [{ alias: "us-east-1" }] } }],
    [
      "one of two without a role",
      { provider: { aws: [provider("us-east-1", arn("Deploy")), { alias: "us-west-2" }] } },
    ],
    ["a role that is no role", { provider: { aws: [provider("us-east-1", "${var.role}")] } }],
  ])("is refused with %s", (_, stack) => {
    expect(auditOverride(stack, "Audit")).toBeUndefined();
  });
});

describe("the file beside a stack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-override-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is there while the work is done, and gone after it", async () => {
    const path = join(folder, AUDIT_OVERRIDE_FILE);
    expect(await withAuditOverride(folder, { a: 1 }, async () => readFileSync(path, "utf8"))).toBe('{"a":1}');
    expect(existsSync(path)).toBe(false);
  });

  test("is gone after work that failed", async () => {
    const failing = withAuditOverride(folder, {}, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(existsSync(join(folder, AUDIT_OVERRIDE_FILE))).toBe(false);
  });

  test("is never written over one that is there, which stays", async () => {
    const path = join(folder, AUDIT_OVERRIDE_FILE);
    writeFileSync(path, "{}");
    await expect(withAuditOverride(folder, { a: 1 }, () => Promise.resolve())).rejects.toThrow(/EEXIST/);
    expect(readFileSync(path, "utf8")).toBe("{}");
  });
});
