import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

/**
 * Scripts of the editor as a browser runs them, but without a document, and with an editor that answers each text by its key.
 * @param names of files in resources/
 */
export function loadScripts<T>(...names: string[]): T {
  const RED = { _: (key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}` };
  const context = createContext({ RED });
  runInContext('var window = globalThis', context);
  for (const name of names)
    runInContext(readFileSync(join(__dirname, '..', '..', 'resources', `${name}.js`), 'utf8'), context);
  return context as unknown as T;
}

/** Values of another realm have other prototypes: compare what they say. */
export const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
