import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { madeResources } from "../../modules/rollouts/created-names";
import { leaveOutAccounts } from "../../modules/rollouts/leave-out-accounts";
import { renderTemplate } from "../../modules/rollouts/render-template";

const template = `# Read as CloudFormation.
Resources:
{{#each keys}}
  Key{{@index}}{{id}}:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub "{{id}}-\${AWS::Region}"
      Tags: {{json tags}}
      Pointer: "\\{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:{{id~}} }}"
      Policy:
{{{yaml policy 8}}}
{{/each}}
`;

describe("a template", () => {
  test("becomes a document with functions in their long form", () => {
    const policy = { Version: "2012-10-17", Principal: ["arn:${AWS::Partition}:iam::1:root", "${aws:userid}"] };
    const data = { keys: [{ id: "A", tags: [{ Key: "Note", Value: "a: #b" }], policy }] };
    const rendered = renderTemplate({ text: template, name: "logs" }, data, {});
    expect("flaws" in rendered ? rendered.flaws : rendered.document).toEqual({
      Resources: {
        Key0A: {
          Type: "AWS::Logs::LogGroup",
          Properties: {
            LogGroupName: { "Fn::Sub": "A-${AWS::Region}" },
            Tags: [{ Key: "Note", Value: "a: #b" }],
            Pointer: "{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:A}}",
            Policy: {
              Version: "2012-10-17",
              Principal: [{ "Fn::Sub": "arn:${AWS::Partition}:iam::1:root" }, "${aws:userid}"],
            },
          },
        },
      },
    });
  });
});

/** Each flaw as `line:column path: message; fix`. */
function flawsOf(text: string, data: object = {}): string[] {
  const rendered = renderTemplate({ text, name: "any" }, data, {});
  if (!("flaws" in rendered)) return [];
  return rendered.flaws.map(({ line, column, path, message, fix }) => `${line}:${column} ${path}: ${message}; ${fix}`);
}

/** A sound template whose one topic has these lines as its properties. */
function topic(properties: string): string {
  const lines = properties.split("\n").map((line) => `      ${line}\n`);
  return `Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n${lines.join("")}`;
}

function propertiesOf(text: string, data: object): unknown {
  const rendered = renderTemplate({ text, name: "any" }, data, {});
  return "flaws" in rendered ? rendered.flaws : rendered.document.Resources.Topic?.Properties;
}

describe("Handlebars in a template", () => {
  test.each([
    ["a name that is not there", "A: {{missing}}", "5:12 : asks for missing, which is not there"],
    ["also for a helper", "A: {{json missing}}", "5:17 : asks for missing, which is not there"],
    ["also for a block", "{{#each missing}}{{/each}}", "5:15 : asks for missing, which is not there"],
    ["also in a list", "{{#each list}}{{no}}{{/each}}", "5:23 : asks for no, which is not there"],
    ["a field of what has none", "A: {{count.size}}", "1:1 : asks for size of something without fields"],
    ["what every object inherits", "A: {{json map.constructor}}", "5:17 : asks for constructor; name"],
    ["a value without quotes that could end it", "A: {{hostile}}", "5:10 : has characters that YAML or CloudFormation"],
    ["a list that stands alone", "A: {{list}}", "5:10 : is a list; write lists"],
    ["text that is none", "A: {{text count}}", "5:10 : is a number, and {{text}} writes text"],
    ["yaml without indentation", "A: {{yaml map}}", "5:10 : is without its indentation"],
    ["another helper", "A: {{upper count}}", "5:10 : calls upper, which is no helper"],
    ["one that Handlebars has", "A: {{lookup map count}}", "5:10 : calls lookup, which is no helper"],
    ["too many values", "A: {{text count count}}", "5:10 : has too many values"],
    ["another block", "{{#map}}{{/map}}", "5:7 : begins {{#map}}, which is no block"],
    ["a partial", "{{> part}}", "5:7 : includes another template"],
    ["a decorator", "{{* part}}", "5:7 : includes another template"],
    ["a helper in parentheses", "A: {{json (text count)}}", "5:17 : calls a helper in parentheses"],
    ["a named value", "A: {{json count deep=1}}", "5:10 : has NAME=VALUE"],
    ["names for values", "{{#each list as |one|}}{{/each}}", "5:7 : names its values with as |…|"],
    [
      "a brace pair of CloudFormation",
      'A: "{{resolve:ssm:name}}"',
      "5:13 : is a dynamic reference of CloudFormation; write it with",
    ],
    [
      "a brace of YAML right behind",
      "A: {B: {{count}}}",
      "5:1 : closes an expression with more braces than it opens; put a blank",
    ],
    [
      "a block that does not end, where it begins",
      "A: 1\n{{#if count}}\nB: {{count}}\nC: 1",
      "6:7 : begins a block {{#if}} that does not end; write {{/if}} where it ends",
    ],
    [
      "the inner one of two",
      "{{#if count}}\n{{#each list}}\nB: 1\n{{/if}}",
      "6:7 : begins a block {{#each}} that does not end before {{/if}} in line 8; write {{/each}} where it ends",
    ],
    ["no block in a comment", "{{!-- {{#if}} --}}\n{{~#if count}}\nA: 1", "6:7 : begins a block {{#if}} that"],
    ["the end of a block that is not open", "A: 1\n{{/each}}", "6:7 : closes a block {{#each}} that is not open"],
    ["an else of no block", "A: 1\n{{else}}", "6:1 : has an {{else}} that belongs to no block; give each"],
    ["an expression that does not end", "A: {{count\nB: 1\nC: {{count}}", "5:10 : begins an expression that does not"],
    ["one at the end", "A: {{count", "5:10 : begins an expression that does not end; close it by }}"],
    ["a comment that does not end", "{{!-- A: 1", "5:7 : begins an expression that does not end"],
    ["an expression that is none", "A: 1\nB: {{coun%t}}", "6:1 : has an expression that is none; write {{NAME}}"],
    ["nothing in braces", "A: {{}}", "5:1 : has an expression that is none"],
    ["a name that is nearly there", "A: {{cout}}", "5:12 : asks for cout, which is not there; did you mean count?"],
    ["one nearly there below another", "A: {{map.deepp}}", "which is not there; did you mean deep?"],
    ["a character that is none", "A: \ufdd0", "5:10 : has a character that is none"],
  ])("refuses %s", (_, properties, flaw) => {
    const data = { count: 1, list: [{ a: 1 }], map: { a: 1, deep: 2 }, hostile: "a: b #" };
    expect(flawsOf(topic(properties), data)[0]).toContain(flaw);
  });

  test("keeps numbers apart that stand side by side", () => {
    expect(propertiesOf(topic('Name: "{{a}}{{b}}"'), { a: 1, b: 2 })).toEqual({ Name: "12" });
  });

  test("knows each, if, unless and with, and their own values", () => {
    const text = topic(
      "{{#each list}}\nK{{@index}}{{#unless @last}}More{{else}}Last{{/unless}}: {{this}}{{../end}}\n{{/each}}",
    );
    expect(propertiesOf(text, { list: ["a", "b"], end: "!".replace("!", "z") })).toEqual({
      K0More: "az",
      K1Last: "bz",
    });
  });
});

describe("YAML in a template", () => {
  test.each([
    ["a tag that CloudFormation does not have", "A: !Include x", "has the tag !Include"],
    ["a tag of YAML's own", "A: !!str 1", "has the tag tag:yaml.org,2002:str"],
    ["an anchor", "A: &a x", "5:13 Resources.Topic.Properties.A: is a YAML anchor (&a)"],
    ["an alias", "A: &a x\nB: *a", "6:10 Resources.Topic.Properties.B: is a YAML alias"],
    ["a merge key", "<<: {A: 1}", "is a key that YAML keeps for itself"],
    ["a key that stands twice", "A: 1\nA: 2", "6:7 Resources.Topic.Properties.A: stands twice in one mapping"],
    ["a key that is no text", "? [a]\n: 1", "has a key that is no plain text"],
    ["a boolean of YAML 1.1", "A: yes", "5:10 Resources.Topic.Properties.A: is a boolean to one YAML reader"],
    ["another one", "A: Off", "is a boolean to one YAML reader"],
    ["one as a key", "on: 1", "5:7 Resources.Topic.Properties.on: is a boolean to one YAML reader"],
    ["an account id with a zero in front", "A: 012345678901", "is a number with a zero in front"],
    ["an account id", "A: 123456789012", "is a long number"],
    ["a number of base 60", "A: 12:30:00", "is a number of base 60"],
    ["a hexadecimal number", "A: 0x1F", "not every YAML reader writes back"],
    ["a version like a number", "A: 1.10", "not every YAML reader writes back"],
    ["a number with an exponent", "A: 1e3", "not every YAML reader writes back"],
    ["infinity", "A: .inf", "not every YAML reader writes back"],
    ["a null", "A: null", "is empty, and CloudFormation takes no null"],
    ["a field without value", "A:", "is empty, and CloudFormation takes no null"],
    ["a tab", "A:\n\tB: 1", "is indented with a tab"],
    ["a second colon", "A: b: c", "has a second colon in one line"],
  ])("refuses %s", (_, properties, flaw) => {
    expect(flawsOf(topic(properties)).join("\n")).toContain(flaw);
  });

  test.each([
    ["!Ref AWS::Region", { Ref: "AWS::Region" }],
    ["!GetAtt Topic.TopicName", { "Fn::GetAtt": ["Topic", "TopicName"] }],
    ["!GetAtt [Topic, TopicName]", { "Fn::GetAtt": ["Topic", "TopicName"] }],
    ["!Sub a-${AWS::Region}", { "Fn::Sub": "a-${AWS::Region}" }],
    ["!Sub 010", { "Fn::Sub": "010" }],
    ["!Join [',', [a, !Ref Topic]]", { "Fn::Join": [",", ["a", { Ref: "Topic" }]] }],
    ["!Select [0, !GetAZs '']", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }],
    ["!Split [',', a]", { "Fn::Split": [",", "a"] }],
    ["!Base64 a", { "Fn::Base64": "a" }],
    ["!Cidr [a, 1, 8]", { "Fn::Cidr": ["a", 1, 8] }],
    ["!ImportValue a", { "Fn::ImportValue": "a" }],
    ["2012-10-17", "2012-10-17"],
    ["true", true],
    ["-3", -3],
    ["0.5", 0.5],
    ['"yes"', "yes"],
    ["|\n        a: b\n        c", "a: b\nc\n"],
  ])("reads %s", (value, expected) => {
    expect(propertiesOf(topic(`A: ${value}`), {})).toEqual({ A: expected });
  });

  test("refuses a second document", () => {
    expect(flawsOf(`${topic("A: 1")}---\nB: 1\n`)[0]).toContain("6:1 : starts a second YAML document");
  });

  test("tells a place in the template, behind blocks and several lines of values", () => {
    const text = `# x\n{{#if yes}}\nResources:\n{{/if}}\n{{{yaml topics 2}}}\n  Last:\n    Type: AWS::SNS::Topic\n    Nothing: 1\n`;
    const topics = { A: { Type: "AWS::SNS::Topic" }, B: { Type: "AWS::SNS::Topic" } };
    expect(flawsOf(text, { yes: true, topics })).toEqual([
      expect.stringContaining("8:5 Resources.Last.Nothing: is nothing that a resource has"),
    ]);
  });
});

describe("a rendered template", () => {
  const text = `Parameters:
  Name: {Type: String}
  Days: {Type: Number, Default: 30}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "\${Name}-role"
      Tags: [{Key: Days, Value: !Ref Days}]
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: a.amazonaws.com}, Action: "sts:AssumeRole"}}
  Alias:
    Type: AWS::KMS::Alias
    Properties: {AliasName: !Sub "alias/\${AWS::Region}-\${Name}", TargetKeyId: !Ref Name}
  Unnamed:
    Type: AWS::SNS::Topic
`;

  test("has a value for every parameter, and knows its capabilities and what it makes", () => {
    const rendered = renderTemplate({ text, name: "any" }, {}, { Name: "orders" });
    if ("flaws" in rendered) throw new Error(JSON.stringify(rendered.flaws));
    expect(rendered.parameters).toEqual({ Name: "orders", Days: "30" });
    expect(rendered.capabilities).toEqual(["CAPABILITY_NAMED_IAM"]);
    expect(rendered.creates).toEqual([
      { type: "AWS::IAM::Role", name: "orders-role", per: "account" },
      { type: "AWS::KMS::Alias", name: "alias/${AWS::Region}-orders", per: "region" },
    ]);
    const leftOut = leaveOutAccounts(rendered, ["111111111111"]);
    expect(madeResources(leftOut)).toEqual([
      { type: "AWS::IAM::Role", logicalId: "Role", name: "orders-role" },
      { type: "AWS::KMS::Alias", logicalId: "Alias", name: "alias/${AWS::Region}-orders" },
      { type: "AWS::SNS::Topic", logicalId: "Unnamed" },
    ]);
  });

  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.constantFrom(
          ..."${ {{ }} {{{ \" ' \n \r \t <script> !Sub !Ref : # - & * | > % @ ` , [ ] { } ? ~ = << null yes 010 \\ \u2028 \ufeff \ufdd0 \ud800 ${AWS:: 1:2 ${!".split(
            " ",
          ),
          " ",
        ),
      )
      .map((parts) => parts.join("")),
  );

  test("holds texts of the data as they are, whatever they hold", () => {
    fc.assert(
      fc.property(hostile, fc.dictionary(hostile, hostile), (one, map) => {
        fc.pre(
          !/resolve|AWS::[A-Za-z]+\}|Statement|Effect|Fn::/.test(JSON.stringify([one, map])) && !("__proto__" in map),
        );
        const list = [one, [one, map], map, []];
        const template = topic(
          "A: {{text one}}\nB: {{json list}}\nC: [{{text one}}, {{json map}}]\nD:\n{{{yaml list 8}}}",
        );
        // "Topic", "Properties" and such may come as keys; "Ref" would be a function, as it is meant to.
        fc.pre(!["Ref", "Condition"].some((name) => name in map));
        expect(propertiesOf(template, { one, list, map })).toEqual({ A: one, B: list, C: [one, map], D: list });
      }),
      { numRuns: 300 },
    );
  });

  test("has what {{yaml}} writes with ${AWS::…} as Fn::Sub, and other variables as they are", () => {
    const value = { a: "${AWS::Region}-${aws:userid}", b: { "Fn::Sub": "${AWS::Region}${Topic}" }, c: ["${aws:x}"] };
    expect(propertiesOf(topic("A:\n{{{yaml value 8}}}"), { value })).toEqual({
      A: {
        a: { "Fn::Sub": "${AWS::Region}-${!aws:userid}" },
        b: { "Fn::Sub": "${AWS::Region}${Topic}" },
        c: ["${aws:x}"],
      },
    });
  });
});
