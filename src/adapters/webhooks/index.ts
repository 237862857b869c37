/** How long a receiver has to answer. It is to accept first and work later. */
const TIMEOUT_MS = 15_000;

/** Calls that somebody else's service receives. */
export interface Webhooks {
  /** The HTTP status of the answer. What the receiver says beside it is not read. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<number>;
}

export const createWebhooks = (): Webhooks => ({
  async post(url, headers, body) {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      // A receiver that moved is to be set anew: what is signed for one address goes to no other.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  },
});
