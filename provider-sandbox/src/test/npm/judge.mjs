// Reads one exchange with Vercel a line, as JSON, and answers what in it is not in Vercel's SDK, as a JSON array.
import { createInterface } from 'node:readline';
import { find, models, operations } from './operations.mjs';

const short = (error) => String(error.message).replace(/\s+/g, ' ').slice(0, 600);

async function judge({ method, path, query, body, status, answer }) {
  const one = find(method, path);
  if (!one) return ['no such operation'];
  const objections = query
    .filter((name) => !one.query.includes(name))
    .map((name) => `query ${name} is not in the document`);
  const known = await models(one);
  const requests = Object.keys(known).find((name) => /RequestBody\$outboundSchema$/.test(name)
    && name.toLowerCase().startsWith(one.id.toLowerCase()));
  const asked = status < 400 && body !== null;
  if (asked && requests) {
    try {
      const parsed = known[requests].parse(body);
      const lost = Array.isArray(body) ? [] : Object.keys(body).filter((name) => !(name in parsed));
      objections.push(...lost.map((name) => `request ${name} is not in the document`));
    } catch (error) {
      objections.push('request ' + short(error));
    }
  } else if (asked && one.id !== 'uploadFile') {
    objections.push('request a body is not in the document');
  }
  if (!(status in one.success)) {
    if (!one.failures.includes(String(status))) objections.push(`status ${status} is not in the document`);
    const error = answer?.error;
    if (typeof error?.code !== 'string' || typeof error?.message !== 'string') {
      objections.push('response is no error of Vercel');
    }
    return objections;
  }
  const schema = one.success[status];
  if (schema.startsWith('z.void')) {
    if (answer !== null) objections.push('response has a body that is not in the document');
    return objections;
  }
  const list = schema.match(/^z\.array\((\w+\$inboundSchema)/)?.[1];
  try {
    if (list && !Array.isArray(answer)) throw new Error('it is no list');
    for (const value of list ? answer : [answer]) (known[list ?? schema] ?? missing(schema)).parse(value);
  } catch (error) {
    objections.push('response ' + short(error));
  }
  return objections;
}

function missing(schema) {
  throw new Error('the SDK has no ' + schema);
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const answer = asked.list ? operations.map((one) => `${one.method} ${one.path}`) : await judge(asked);
  process.stdout.write(JSON.stringify(answer) + '\n');
}
