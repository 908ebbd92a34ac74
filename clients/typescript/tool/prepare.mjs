// Installs what the lock file names, unless it is there, and builds dist, unless it is newer than its sources. Says in one line what is missing.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

function fail(line) {
  console.log(line);
  process.exit(1);
}

function npm(...all) {
  try {
    execFileSync('npm', all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (failure) {
    if (failure.code === 'ENOENT') fail('The TypeScript client needs npm, and `npm` was not found. See CONTRIBUTING.md.');
    fail(`npm ${all.join(' ')} failed:\n${failure.stdout}${failure.stderr}`);
  }
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`The TypeScript client needs Node 20 or newer, not ${process.version}. See CONTRIBUTING.md.`);
}
const lock = read('package-lock.json');
const installed = 'node_modules/installed';
if (read(installed) !== lock) {
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  writeFileSync(installed, lock);
}
const sources = ['package.json', 'package-lock.json', 'tsconfig.json', ...readdirSync('src').map((name) => `src/${name}`)];
const changed = Math.max(...sources.map((path) => statSync(path).mtimeMs));
if ((statSync('dist/index.js', { throwIfNoEntry: false })?.mtimeMs ?? 0) < changed) npm('run', '--silent', 'build');
