/**
 * A policy's text with the key's own Region as a placeholder, where it stands as a Region: in an ARN, and in the name of an
 * AWS service or of its endpoint (`kms:ViaService`). Two related keys can then be held against each other.
 */
export function regionNeutral(text: string, region: string): string {
  if (text.startsWith("arn:")) {
    const components = text.split(":");
    return components[3] === region ? [...components.slice(0, 3), placeholder, ...components.slice(4)].join(":") : text;
  }
  const service = /^([^.:/]+)\.([a-z0-9-]+)(\.amazonaws\.com(?:\.cn)?)$/.exec(text);
  return service?.[2] === region ? `${service[1]}.${placeholder}${service[3]}` : text;
}

/** `logs.us-west-2.amazonaws.com` for the key's own Region is the same service as `logs.amazonaws.com`. */
export function regionNeutralService(name: string, region: string): string {
  return regionNeutral(name, region).replace(`.${placeholder}.`, ".");
}

/** No Region and no part of an ARN is written like this. */
const placeholder = "{region}";
