// Vercel's operations as its own SDK has them: every function names its method, path, query and statuses in its source.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sdk = dirname(fileURLToPath(import.meta.resolve('@vercel/sdk')));

const first = (text, pattern) => text.match(pattern)?.[1];

function operation(file) {
  const source = readFileSync(join(sdk, 'funcs', file), 'utf8');
  const path = first(source, /pathToFunc\("([^"]+)"\)/);
  const outcome = first(source, /M\.match\(([^;]*)\)\(response/s);
  if (!path || !outcome) return [];
  const query = first(source, /encodeFormQuery\(\{(.*?)\}\)/s) ?? '';
  return [{
    id: first(source, /operationID: "([^"]+)"/),
    method: first(source, /method: "([^"]+)"/),
    path,
    pattern: new RegExp('^' + path.replace(/\{[^}]+\}/g, '[^/]+') + '$'),
    query: [...query.matchAll(/"([^"]+)":/g)].map((name) => name[1]),
    models: [...source.matchAll(/from "\.\.\/(models\/[^"]+\.js)"/g)].map((one) => one[1]),
    success: Object.fromEntries([...outcome.matchAll(/M\.\w+\((\d+), (?:types\$\.optional\()?([^,)]+)/g)].map((one) => [one[1], one[2]])),
    failures: [...outcome.matchAll(/M\.fail\(\[?([^\])]*)/g)].flatMap((one) => one[1].match(/\b\d{3}\b/g) ?? []),
  }];
}

export const operations = readdirSync(join(sdk, 'funcs'))
  .filter((file) => file.endsWith('.js'))
  .flatMap(operation);

/** The operation of a call; one whose path has fewer placeholders goes first. */
export function find(method, path) {
  return operations
    .filter((one) => one.method === method && one.pattern.test(path))
    .sort((one, other) => one.path.split('{').length - other.path.split('{').length)[0];
}

/** What the SDK knows of an operation's bodies, by name. */
export async function models(one) {
  return Object.assign({}, ...(await Promise.all(one.models.map((model) => import(join(sdk, model))))));
}
