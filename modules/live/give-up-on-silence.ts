import { isSilence, messageOf } from "./aws-error";

/** Nobody answered, and nobody is asked again: the SDK would go on for as long as it does when AWS throttles. */
export class Silence extends Error {
  readonly isSilence = true;
}

/** Silent attempts of one call. */
const MOST = 3;
/** Who breaks a connection at once takes none of the time of others, and may be well the next moment. */
const SLOW_MS = 2_000;

/**
 * Makes one attempt of a call.
 *
 * @param asked what the SDK's step before signing is given, which says the how manyth attempt it is
 * @throws Silence where it is the third one that ends in silence
 */
export async function giveUpOnSilence<Answer>(asked: unknown, attempt: () => Promise<Answer>): Promise<Answer> {
  const begun = performance.now();
  try {
    return await attempt();
  } catch (error) {
    const times = attemptOf(asked);
    if (times < MOST || !isSilence(error) || performance.now() - begun < SLOW_MS) throw error;
    throw new Silence(`nobody answered ${times} times: ${messageOf(error)}`);
  }
}

/** Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, header `amz-sdk-request: attempt=3; max=8` */
function attemptOf(asked: unknown): number {
  if (typeof asked !== "object" || asked === null || !("request" in asked)) return 1;
  const { request } = asked;
  if (typeof request !== "object" || request === null || !("headers" in request)) return 1;
  const headers = new Map(Object.entries(request.headers ?? {}));
  return Number(/attempt=(\d+)/.exec(String(headers.get("amz-sdk-request")))?.[1] ?? 1);
}
