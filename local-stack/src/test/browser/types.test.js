import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('the types of the console hold', () => {
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', ['--project', 'tsconfig.json'], { encoding: 'utf8' });

  assert.equal(status, 0, stdout);
});
