import { create, fault, oneApp, run, until } from './stack.js';

export const isDone = (view) => view.status === 'done';
export const hasFailed = (view) => view.status === 'error';
const needsSomebody = (view) => view.apps.some((app) => app.actions.some((it) => it.instructions));

/** A deployment whose builds fail, until somebody goes on from there. */
export async function failed() {
  const id = await create(oneApp);
  await fault('vercel', 'POST', '/deployments$', { buildError: true });
  await run(id);
  await until(id, hasFailed);
  return id;
}

/** A deployment that waits for somebody to set DNS records. */
export async function waiting() {
  const id = await create((body) => {
    oneApp(body);
    body.apps[0].input.domain = { name: `docs.${body.config.slug}.example.org` };
  });
  await run(id);
  await until(id, needsSomebody);
  return id;
}

/** One that is done. */
export async function done() {
  const id = await create(oneApp);
  await run(id);
  return until(id, isDone);
}
