import { describe, expect, test } from "@jest/globals";
import { type DescribedModule, moduleReadme } from "../../modules/report/module-readme";
import { accountModules } from "../stacks/account-modules";
import { planOf, smallSources } from "../stacks/small-organization";
import { golden, template } from "./golden";

const modules = accountModules(planOf(smallSources()));

function described(account: string): DescribedModule {
  const found = modules.get(account);
  if (found === undefined) throw new Error(`no module of ${account}`);
  const { plan, module } = found;
  return { account, accountId: plan.account.id, zone: plan.zone.name, zoneOwner: plan.zone.owner, ...module };
}

const readme = (module: DescribedModule): string => moduleReadme(module, template("module-readme.md.hbs"));

describe("a module's README", () => {
  test.each(["keys", "shop-prod"])("of %s reads as its golden file", (account) => {
    const text = readme(described(account)).trimEnd();
    expect(text).toBe(golden(`module-${account}.md`, text));
  });

  test("passes exactly the providers that the module asks for", () => {
    const { terraform } = JSON.parse(described("keys").text);
    const { configuration_aliases: aliases } = terraform.required_providers.aws;
    const passed = [...readme(described("keys")).matchAll(/^ {4}(aws\.\S+) = aws\.(\S+)$/gm)];
    expect(passed.map(([, alias]) => alias)).toEqual(aliases);
    for (const [, , alias] of passed)
      expect(readme(described("keys"))).toContain(`  alias               = "${alias}"\n`);
  });

  test("shows the session tags that the account's roles ask for", () => {
    const module = described("keys");
    const [provider] = module.providers;
    if (provider === undefined) throw new Error("the module asks for no provider");
    const providers = [{ ...provider, sessionTags: { Stage: 'a "b"', Project: "orgkeys" } }];
    expect(readme({ ...module, providers })).toContain(
      '"\n    tags         = { "Project" = "orgkeys", "Stage" = "a \\"b\\"" }\n  }\n',
    );
  });

  test("names every input, output and key", () => {
    const json = JSON.parse(described("keys").text);
    const names = [...Object.keys(json.variable), ...Object.keys(json.output), ...Object.keys(json["//"].orgkeys.keys)];
    for (const name of names) expect(readme(described("keys"))).toContain(`| \`${name}\` |`);
  });

  test("lets no text of the map become markup", () => {
    const hostile = readme({ ...described("keys"), zoneOwner: "<script>|`x`\n# y" });
    expect(hostile).toContain("the zone's is &#60;script&#62;&#124;&#96;x&#96;");
    expect(hostile).not.toContain("\n# y");
  });
});
