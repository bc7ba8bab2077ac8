import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeName } from '../../lib/asdu/cause.js';
import { loadScripts } from './scripts.js';

interface Loaded {
  readonly RED: { _: (key: string, values: { readonly group?: string; readonly defaultValue: string }) => string };
  readonly telecontrol: { causeText(name: string): string; causesAsked(list: string): string };
}

/** The script with the catalogue of a language. */
function inLanguage(language: string): Loaded['telecontrol'] {
  const file = join(__dirname, '..', '..', 'nodes', 'locales', language, 'tcp-line.json');
  const { cause } = JSON.parse(readFileSync(file, 'utf8')).shared as { cause: Record<string, string> };
  const loaded = loadScripts<Loaded>('telecontrol');
  loaded.RED._ = (key, { group = '', defaultValue }) =>
    cause[key.replace(/^.*:shared\.cause\./, '')]?.replace('__group__', group) ?? defaultValue;
  return loaded.telecontrol;
}

const german = inLanguage('de');
const names = Array.from({ length: 64 }, (_, id) => causeName(id));

describe('causes in the language of the editor', () => {
  it('have names, and numbers where they have none', () => {
    assert.equal(german.causeText('unknown-object-address'), 'unbekannte Objektadresse');
    assert.equal(german.causeText('interrogation-group-16'), 'Abfrage der Gruppe 16');
    assert.equal(german.causeText('14'), '14');
    for (const name of names) assert.equal(inLanguage('en-US').causeText(name), name);
  });

  it('are asked for by these names, by those of messages, and by numbers', () => {
    for (const name of names) assert.equal(german.causesAsked(german.causeText(name)), name);
    for (const [list, asked] of [
      ['', ''],
      ['3, 20-36', '3,20-36'],
      ['SPONTAN, activation, 5', 'spontaneous,activation,5'],
      ['Bestätigung*', 'bestätigung*,activation-confirmation,deactivation-confirmation'],
      ['activation*', 'activation*'],
      ['Abfrage der Zählergruppe 2', 'counter-interrogation-group-2'],
      ['nothing', 'nothing'],
    ] as const)
      assert.equal(german.causesAsked(list).toLowerCase(), asked);
    assert.equal(inLanguage('en-US').causesAsked('activation*, 3'), 'activation*,3');
  });
});
