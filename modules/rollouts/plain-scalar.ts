/** Text without quotes that one YAML reader takes for text and another one for something else. */
interface AmbiguousScalar {
  readonly pattern: RegExp;
  readonly message: string;
  readonly fix: string;
}

/**
 * CloudFormation reads YAML 1.1, editors and we read 1.2: what the two disagree on, and numbers that are not written back in the form they had.
 *
 * Sources: https://yaml.org/type/bool.html, https://yaml.org/type/int.html, https://yaml.org/type/float.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
const ambiguousScalars: readonly AmbiguousScalar[] = [
  {
    pattern: /^(y|yes|n|no|on|off)$/i,
    message: "is a boolean to one YAML reader and text to another",
    fix: "write true or false, or put the text in quotes",
  },
  {
    pattern: /^[-+]?0\d[\d_]*$/,
    message: "is a number with a zero in front, which one YAML reader takes for octal and another one drops",
    fix: "put it in quotes, as every account id",
  },
  {
    pattern: /^[-+]?\d{10,}$/,
    message: "is a long number, which may end up as 1.2E11",
    fix: "put it in quotes, as every account id",
  },
  {
    pattern: /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/,
    message: "is a number of base 60 to one YAML reader and text to another",
    fix: "put it in quotes",
  },
  {
    pattern:
      /^[-+]?(0[xob][\da-f_]+|\d[\d_]*_[\d_]*|(\d+\.?\d*|\.\d+)e[-+]?\d+|\d*\.\d*0|\d+\.|\.\d+|\.(inf|nan)|\+\d.*)$/i,
    message: "is a number that not every YAML reader writes back as it is",
    fix: "put it in quotes, or write it in plain decimal digits",
  },
  { pattern: /^(<<|=)$/, message: "is a key that YAML keeps for itself", fix: "write the fields out" },
  {
    pattern: /^(~|null)?$/i,
    message: "is empty, and CloudFormation takes no null",
    fix: 'give it a value, leave the field out, or write "" for no text',
  },
];

/** What makes a text without quotes ambiguous; undefined for what every reader takes alike. */
export function ambiguity(text: string): { readonly message: string; readonly fix: string } | undefined {
  return ambiguousScalars.find(({ pattern }) => pattern.test(text));
}

/** Also booleans, which are not ambiguous but no text. */
export function isAmbiguous(text: string): boolean {
  return ambiguity(text) !== undefined || /^(true|false)$/i.test(text);
}
