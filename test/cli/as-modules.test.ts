import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeMapFolder } from "./map-folder";
import { orgkeys } from "./recorded-terminal";

let folder: string;
let config: string;
let modules: string;
beforeEach(() => {
  ({ folder, config } = makeMapFolder());
  modules = join(folder, "modules");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const asModules = (...words: string[]) => orgkeys("synth", "--config", config, "--as-modules", modules, ...words);
const verify = (...words: string[]) => asModules("--verify", ...words);

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(join(config, path), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(config, path), text.replace(from, to));
}

/** Every file below a folder with its text, to see that nothing changed. */
function contents(directory: string): Record<string, string> {
  if (!existsSync(directory)) return {};
  const files = readdirSync(directory, { recursive: true, encoding: "utf8", withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((file) => file.isFile())
      .map((file) => [join(file.parentPath, file.name), readFileSync(join(file.parentPath, file.name), "utf8")]),
  );
}

const everyModule = ["clinic", "keys", "shop-prod", "shop-test"];

describe("synth --as-modules", () => {
  test("writes a module an account, called as the account, and no stacks", () => {
    const { code, printed } = asModules();
    expect(code).toBe(0);
    expect(readdirSync(modules).sort()).toEqual([...everyModule, "modules.json"].sort());
    for (const module of everyModule) expect(readdirSync(join(modules, module))).toEqual(["README.md", "main.tf.json"]);
    expect(readdirSync(folder).sort()).toEqual(["config", "modules"]);
    expect(printed).toContain(`Wrote 4 modules to ${modules}, for example\n  ${modules}/clinic/main.tf.json`);
    expect(printed).toContain("guardrails are no modules");
  });

  test("gives the same bytes again", () => {
    asModules();
    const before = contents(modules);
    expect(asModules().code).toBe(0);
    expect(contents(modules)).toEqual(before);
  });

  test("keeps a module's folder when its account moves to another OU", () => {
    asModules();
    edit("organizations/acme.yaml", '        accounts: {shop-prod: "210000000001"}\n', "");
    edit(
      "organizations/acme.yaml",
      '          shop-test: "220000000001"',
      '          shop-test: "220000000001"\n          shop-prod: "210000000001"',
    );
    asModules();
    expect(readdirSync(modules).sort()).toEqual([...everyModule, "modules.json"].sort());
  });

  test("keeps the modules when keys of theirs would be lost, and says what to write instead", () => {
    asModules();
    const before = contents(modules);
    edit("workloads/clinic.yaml", "records:\n  owner", "patients:\n  owner");
    const { code, noted } = asModules();
    expect([code, contents(modules)]).toEqual([1, before]);
    expect(noted).toContain("critical  key-vanishes  clinic aws_kms_key.records_prod_us-east-1");
    expect(noted).toContain("write at workloads/clinic.yaml patients");
    edit("workloads/clinic.yaml", "patients:\n", "patients:\n  formerly: records\n");
    expect(asModules().code).toBe(0);
  });

  test("reads in modules what stacks have: another kind of key is another key", () => {
    asModules();
    edit("data-classes.yaml", "  key: customer-managed\n", "  key: customer-managed\n  multiRegion: false\n");
    const { code, noted } = asModules();
    expect(code).toBe(1);
    expect(noted).toContain("critical  key-replaced  clinic aws_kms_key.records_prod_us-east-1");
  });

  test("goes by the account, whatever its name", () => {
    asModules();
    edit("organizations/acme.yaml", "clinic: {id:", "hospital: {id:");
    edit("workloads/clinic.yaml", "account: clinic", "account: hospital");
    expect([asModules().code, existsSync(join(modules, "clinic"))]).toEqual([0, false]);
  });

  test("takes away the module of an account that the map no longer gives, when told that it was never applied", () => {
    asModules();
    rmSync(join(config, "workloads/clinic.yaml"));
    expect([asModules().code, existsSync(join(modules, "clinic"))]).toEqual([1, true]);
    expect(asModules("--ignore-previous").code).toBe(0);
    expect(readdirSync(modules).sort()).toEqual(["keys", "modules.json", "shop-prod", "shop-test"]);
  });

  test("leaves what is beside the modules", () => {
    asModules();
    writeFileSync(join(modules, ".gitignore"), ".terraform/\n");
    mkdirSync(join(modules, "network"));
    writeFileSync(join(modules, "network/main.tf"), "# ours\n");
    expect(asModules().code).toBe(0);
    expect(readFileSync(join(modules, ".gitignore"), "utf8")).toBe(".terraform/\n");
    expect(readFileSync(join(modules, "network/main.tf"), "utf8")).toBe("# ours\n");
    expect(verify().code).toBe(0);
  });

  test("a selection replaces its modules and leaves the others as they are", () => {
    asModules();
    const other = join(modules, "keys/main.tf.json");
    appendFileSync(other, "\n");
    edit("workloads/clinic.yaml", "owner: clinic", "owner: ward");
    expect(asModules("--zone", "health").code).toBe(0);
    expect(readFileSync(other, "utf8").endsWith("\n\n")).toBe(true);
    expect(readFileSync(join(modules, "clinic/README.md"), "utf8")).toContain("| ward |");
    const { modules: index } = JSON.parse(readFileSync(join(modules, "modules.json"), "utf8"));
    expect(Object.keys(index)).toEqual(everyModule);
  });

  test.each([
    [
      ["--ou", "Workloads"],
      ["shop-prod", "shop-test"],
    ],
    [["--account", "310000000001"], ["clinic"]],
    [["--zone", "corporate", "--account", "keys"], ["keys"]],
  ])("%j selects %j", (flags, expected) => {
    expect(asModules(...flags).code).toBe(0);
    expect(readdirSync(modules).sort()).toEqual([...expected, "modules.json"].sort());
  });

  test("says so when nothing that is selected needs a module", () => {
    const { code, noted } = asModules("--account", "management");
    expect([code, existsSync(modules)]).toEqual([0, false]);
    expect(noted).toContain("No account that is selected needs a module: nothing was written.");
  });

  test("writes nothing when the map has a problem", () => {
    edit("workloads/shop.yaml", "dataClass: internal", "dataClass: interal");
    expect([asModules().code, existsSync(modules)]).toEqual([1, false]);
  });

  test("does not take --out as well", () => {
    const { code, noted } = asModules("--out", join(folder, "cdktf.out"));
    expect([code, readdirSync(folder)]).toEqual([1, ["config"]]);
    expect(noted).toContain("writes modules instead of the stacks");
  });
});

describe("a folder that holds something else", () => {
  test.each<[string, () => void, string]>([
    ["a file", () => writeFileSync(modules, ""), "is no folder"],
    [
      "a person's files",
      () => {
        mkdirSync(modules);
        writeFileSync(join(modules, "main.tf"), "");
      },
      "has other files, and no modules.json of --as-modules",
    ],
    [
      "another modules.json",
      () => {
        mkdirSync(modules);
        writeFileSync(join(modules, "modules.json"), '{"Modules": []}');
      },
      "has other files, and no modules.json of --as-modules",
    ],
    ["stacks", () => orgkeys("synth", "--config", config, "--out", modules), "has other files"],
    [
      "a file in a module that Terraform would read as well",
      () => {
        asModules();
        writeFileSync(join(modules, "keys/main_override.tf"), "");
      },
      "keys/main_override.tf is not of --as-modules",
    ],
    [
      "a folder of a module's name that nobody knows",
      () => {
        asModules("--account", "clinic");
        mkdirSync(join(modules, "keys"));
      },
      "keys is not in modules.json",
    ],
  ])("%s is refused and stays as it is", (_, prepare, message) => {
    prepare();
    const before = contents(folder);
    const { code, noted } = asModules();
    expect(code).toBe(1);
    expect(noted).toContain(`--as-modules ${modules}: ${message}`);
    expect(noted).toContain("nothing was written");
    expect(contents(folder)).toEqual(before);
  });

  test("what terraform init leaves in a module is not that", () => {
    asModules();
    writeFileSync(join(modules, "keys/.terraform.lock.hcl"), "");
    expect(asModules().code).toBe(0);
  });
});

describe("synth --as-modules --verify", () => {
  test("exits 2 with nothing there, 0 on fresh modules, and writes nothing", () => {
    expect(verify().code).toBe(2);
    expect(readdirSync(folder)).toEqual(["config"]);
    asModules();
    const before = contents(folder);
    const { code, printed } = verify();
    expect([code, printed]).toEqual([0, `${modules} is what the map gives (4 modules).`]);
    expect(contents(folder)).toEqual(before);
  });

  test.each<[string, () => void, string]>([
    ["an edited map", () => edit("workloads/clinic.yaml", "owner: clinic", "owner: ward"), "changed  clinic"],
    ["an edited module", () => appendFileSync(join(modules, "keys/main.tf.json"), "\n"), "changed  keys"],
    ["an edited README", () => appendFileSync(join(modules, "keys/README.md"), "\n"), "changed  keys"],
    ["a file beside it", () => writeFileSync(join(modules, "keys/x_override.tf.json"), "{}"), "changed  keys"],
    ["a missing module", () => rmSync(join(modules, "keys"), { recursive: true }), "missing  keys"],
    ["an account that is gone", () => rmSync(join(config, "workloads/clinic.yaml")), "left over  clinic"],
    [
      "a module that nobody wrote",
      () => cpSync(join(modules, "keys"), join(modules, "old-keys"), { recursive: true }),
      "left over  old-keys",
    ],
    ["an index that somebody broke", () => writeFileSync(join(modules, "modules.json"), "{"), "changed  clinic"],
  ])("exits 2 on %s", (_, change, expected) => {
    asModules();
    change();
    const { code, printed, noted } = verify();
    expect(code).toBe(2);
    expect(printed.split("\n")[0]).toBe(expected);
    expect(noted).toContain("run orgkeys synth --as-modules");
  });

  test("looks at a selection alone", () => {
    asModules();
    appendFileSync(join(modules, "keys/main.tf.json"), "\n");
    expect(verify("--zone", "health").code).toBe(0);
    expect(verify("--account", "keys").code).toBe(2);
  });
});
