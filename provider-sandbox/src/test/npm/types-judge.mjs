// Reads one exchange with Telegram a line, or one message that a provider sends out, as JSON, and answers what in it does
// not fit the types that are published for it (grammY's for Telegram, Octokit's for GitHub's webhooks), as a JSON array.
// TypeScript itself judges: what was sent and answered is written down as literals of the types, so that a missing
// member, a wrong type and an invented member are all noticed.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const types = join(here, 'node_modules/@grammyjs/types');
const methods = [...readFileSync(join(types, 'methods.d.ts'), 'utf8').matchAll(/^    (\w+)\(/gm)].map((one) => one[1]);

const judged = join(here, 'judged.ts');
let text = '';
let version = 0;
const service = ts.createLanguageService({
  ...ts.createCompilerHost({}),
  getCompilationSettings: () => ({ strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], types: [] }),
  getScriptFileNames: () => [judged],
  getScriptVersion: (file) => (file === judged ? String(version) : '0'),
  getScriptSnapshot: (file) => {
    const source = file === judged ? text : ts.sys.readFile(file);
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
  },
  fileExists: (file) => file === judged || ts.sys.fileExists(file),
  getCurrentDirectory: () => here,
});

/** The reason below all the types that do not fit because of it. */
function deepest(message) {
  if (typeof message === 'string') return message;
  return message.next?.length ? deepest(message.next[0]) : message.messageText;
}

const telegram = "import type { ApiError, ApiMethods, ApiSuccess } from '@grammyjs/types';\ntype M = ApiMethods<string>;";

function fits(lines, imports = telegram) {
  version += 1;
  text = `${imports}\n${lines}\n`;
  return [...service.getSyntacticDiagnostics(judged), ...service.getSemanticDiagnostics(judged)]
    .map((one) => deepest(one.messageText).replace(/\s+/g, ' ').slice(0, 600));
}

function judge({ path, body, status, answer }) {
  const method = path.match(/^\/bot[0-9]+:[A-Za-z0-9_-]+\/(\w+)$/)?.[1];
  if (!methods.includes(method)) return ['no such operation'];
  const objections = [];
  if (status === 200) {
    if (body !== null) objections.push(...fits(`export const asked: NonNullable<Parameters<M['${method}']>[0]> = ${JSON.stringify(body)};`).map((said) => 'request ' + said));
    objections.push(...fits(`export const answered: ApiSuccess<ReturnType<M['${method}']>> = ${JSON.stringify(answer)};`).map((said) => 'response ' + said));
  } else {
    objections.push(...fits(`export const refused: ApiError = ${JSON.stringify(answer)};`).map((said) => 'response ' + said));
    if (answer?.error_code !== status) objections.push('response error_code is not the status');
  }
  return objections;
}

/** Members that the types do not know are no objection: Octokit's are older than GitHub. */
const judgeMessage = ({ from, type, value }) => fits(
  `type Known<T> = T extends (infer U)[] ? readonly Known<U>[] : T extends object ? { readonly [K in keyof T]: Known<T[K]> } : T;
const sent = ${JSON.stringify(value)} as const;
export const message: Known<${type}> = sent;`,
  `import type { ${type} } from '${from}';`,
);

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const answer = asked.list
    ? methods.flatMap((one) => [`GET /bot{token}/${one}`, `POST /bot{token}/${one}`])
    : asked.message ? judgeMessage(asked.message) : judge(asked);
  process.stdout.write(JSON.stringify(answer) + '\n');
}
