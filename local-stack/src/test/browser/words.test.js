import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const folder = new URL('../../../gateway-service/src/main/resources/web/app/words/', import.meta.url);

/** Every key of a file with its words. */
async function words(file) {
  const source = readFileSync(new URL(`${file}.ts`, folder), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } });
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return Object.fromEntries(
    Object.entries(module.words).flatMap(([section, keys]) =>
      Object.entries(keys).map(([key, text]) => [`${section}.${key}`, text]),
    ),
  );
}

const placeholders = (text) => [...text.matchAll(/\{\w+\}/g)].map(([it]) => it).sort();
const english = { ...(await words('en')), ...(await words('hub-en')) };

for (const language of ['fr', 'sw', 'pt']) {
  test(`${language} has the keys of English and their placeholders`, async () => {
    const other = { ...(await words(language)), ...(await words(`hub-${language}`)) };

    assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(other)) {
      assert.ok(text.trim(), `${key} has no words`);
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
    }
  });
}
