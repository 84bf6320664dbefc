// SPDX-License-Identifier: Apache-2.0
// Tests wait on conditions. `eventually` asks until the answer is neither undefined, null nor false, and gives it.

export const PATIENCE_MS = Number(process.env.PARLEY_TEST_PATIENCE_MS ?? 20_000);
const PAUSE_MS = 15;

export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms in vain: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
