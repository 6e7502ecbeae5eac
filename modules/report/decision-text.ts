import type { ExplainedLine, Explanation } from "../access/explain-decision";

const verdicts = {
  allowed: "ALLOWED",
  denied: "DENIED",
  unknown: "NOT CERTAIN: it may be allowed",
} as const;

const signs = { true: "+", false: "-", unknown: "?" } as const;

/** The chain of evaluation for people: each stage with what applies to it, up to the one that decides. */
export function decisionText(explanation: Explanation): string[] {
  const { request, outcome, steps, assumptions } = explanation;
  const who = request.principal.kind === "service" ? request.principal.name : request.principal.arn;
  return [
    `${verdicts[outcome]}: ${who} ${request.action}`,
    ...steps.flatMap((step) => [
      `${signs[`${step.passes}`]} ${step.stage}${step.decides ? "  <- decides" : ""}`,
      `    ${step.finding}`,
      ...step.lines
        .filter(isAboutTheAction)
        .map(
          (line) =>
            `    ${signs[`${line.applies}`]} ${line.policyType} ${line.name ?? "(without a name)"}, ${line.document}${line.why === undefined ? "" : `\n        ${line.why}`}`,
        ),
    ]),
    "taking for granted that",
    ...assumptions.map((assumption) => `    ${assumption}`),
  ];
}

/** Most statements of a policy are about other actions, and explain nothing. */
function isAboutTheAction({ why }: ExplainedLine): boolean {
  return why === undefined || !why.startsWith("Action:");
}
