import type { TestClient } from '../server/client.js';

/** Frequent requests and answers of common address 1 as octets, derived by hand. */

/** 100, one object, cause 6, originator 0, common address 1, object address 0, QOI 20. */
export const INTERROGATION = '64 01 06 00 01 00 00 00 00 14';
export const INTERROGATION_CON = '64 01 07 00 01 00 00 00 00 14';
export const INTERROGATION_TERM = '64 01 0a 00 01 00 00 00 00 14';

/** 101, general, without freezing: RQT 5. */
export const COUNTERS = '65 01 06 00 01 00 00 00 00 05';
export const COUNTERS_CON = '65 01 07 00 01 00 00 00 00 05';
export const COUNTERS_TERM = '65 01 0a 00 01 00 00 00 00 05';

/** Interrogates while nothing was written. @returns the values' ASDUs */
export async function interrogate(client: TestClient): Promise<string[]> {
  client.ask(INTERROGATION);
  return between(client, INTERROGATION_CON, INTERROGATION_TERM);
}

export async function interrogateCounters(client: TestClient): Promise<string[]> {
  client.ask(COUNTERS);
  return between(client, COUNTERS_CON, COUNTERS_TERM);
}

async function between(client: TestClient, first: string, last: string): Promise<string[]> {
  await client.expect(first);
  const found: string[] = [];
  for (let asdu = await client.asdu(); asdu !== last; asdu = await client.asdu()) found.push(asdu);
  return found;
}
