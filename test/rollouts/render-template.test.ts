import { describe, expect, test } from "@jest/globals";
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
