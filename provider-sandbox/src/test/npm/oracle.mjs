// Vercel's own SDK runs a site's whole life against the sandbox. It checks every answer and throws at the first wrong one.
// Prints a line a call, and at last: calls N, failures N.
import { createHash } from 'node:crypto';
import { Vercel, HTTPClient } from '@vercel/sdk';
import { find } from './operations.mjs';

const [serverURL, bearerToken, teamId, repo, controlToken] = process.argv.slice(2);
const httpClient = new HTTPClient();
let last;
httpClient.addHook('beforeRequest', (request) => {
  const path = new URL(request.url).pathname.slice(new URL(serverURL).pathname.length);
  last = `${request.method} ${find(request.method, path)?.path ?? path}`;
});
const vercel = new Vercel({ bearerToken, serverURL, httpClient });

let calls = 0;
let failures = 0;

/** Makes a call; with a status, that very refusal is what is wanted. */
async function call(make, refused) {
  calls++;
  try {
    const answer = await make();
    const fine = refused === undefined;
    if (!fine) failures++;
    console.log(`${fine ? 'ok' : 'FAILED'} ${last}`);
    return answer;
  } catch (error) {
    const fine = refused !== undefined && error.statusCode === refused;
    if (!fine) failures++;
    console.log(`${fine ? 'ok' : 'FAILED'} ${last} ${error.statusCode ?? ''} ${fine ? '' : String(error.message).replace(/\s+/g, ' ').slice(0, 800)}`);
    return undefined;
  }
}

async function until(make, done) {
  const give = Date.now() + 30_000;
  for (;;) {
    const answer = await call(make);
    if (!answer || done(answer)) return answer;
    if (Date.now() > give) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const name = 'sdk-docs';
const domain = 'sdk.example.org';
const git = () => ({ type: 'github', org: repo.split('/')[0], repo: repo.split('/')[1], ref: 'main' });

await call(() => vercel.user.getAuthUser());
await call(() => vercel.teams.getTeams({}));
await call(() => vercel.teams.getTeam({ teamId }));

await call(() => vercel.integrations.gitNamespaces({ provider: 'github' }));

const project = await call(() => vercel.projects.createProject({
  teamId,
  requestBody: {
    name,
    gitRepository: { type: 'github', repo },
    environmentVariables: [{ key: 'MARK', value: 'run-1', type: 'plain', target: ['production'] }],
  },
}));
await call(() => vercel.projects.createProject({ teamId, requestBody: { name } }), 409);
await call(() => vercel.projects.getProjects({ teamId, search: name }));
await call(() => vercel.projects.getProject({ teamId, idOrName: name }));
await call(() => vercel.projects.updateProject({ teamId, idOrName: name, requestBody: { framework: null } }));

await call(() => vercel.projects.createProjectEnv({
  teamId,
  idOrName: name,
  upsert: 'true',
  requestBody: [
    { key: 'ONE', value: '1', type: 'plain', target: ['production'] },
    { key: 'TWO', value: '2', type: 'sensitive', target: ['production', 'preview'] },
  ],
}));
const variables = await call(() => vercel.projects.filterProjectEnvs({ teamId, idOrName: name }));
const one = variables?.envs?.find((variable) => variable.key === 'ONE');
await call(() => vercel.projects.getProjectEnv({ teamId, idOrName: name, id: one?.id }));
await call(() => vercel.projects.editProjectEnv({ teamId, idOrName: name, id: one?.id, requestBody: { value: '3' } }));
await call(() => vercel.projects.removeProjectEnv({ teamId, idOrName: name, id: one?.id }));

const added = await call(() => vercel.projects.addProjectDomain({ teamId, idOrName: name, requestBody: { name: domain } }));
await call(() => vercel.projects.getProjectDomains({ teamId, idOrName: name }));
await call(() => vercel.projects.getProjectDomain({ teamId, idOrName: name, domain }));
await call(() => vercel.domains.getDomainProjectDomains({ teamId, domain: 'example.org' }));
await call(() => vercel.projects.verifyProjectDomain({ teamId, idOrName: name, domain }), 400);
const { domain: host, value } = added?.verification?.[0] ?? {};
const written = await fetch(new URL(`/_sandbox/dns/${host}`, serverURL), {
  method: 'PUT',
  headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
  body: JSON.stringify([{ type: 'TXT', value }]),
});
if (!written.ok) throw new Error(`the record of ${host} was not taken: ${written.status}`);
await call(() => vercel.projects.verifyProjectDomain({ teamId, idOrName: name, domain }));
await call(() => vercel.domains.getDomainConfig({ teamId, domain }));
await call(() => vercel.projects.removeProjectDomain({ teamId, idOrName: name, domain, requestBody: {} }));

const hook = await call(() => vercel.webhooks.createWebhook({
  teamId,
  requestBody: { url: 'https://hooks.example.org/vercel', events: ['deployment.created', 'deployment.error'], projectIds: [project?.id] },
}));
await call(() => vercel.webhooks.getWebhooks({ teamId }));
await call(() => vercel.webhooks.getWebhook({ teamId, id: hook?.id }));

const first = await call(() => vercel.deployments.createDeployment({
  teamId,
  skipAutoDetectionConfirmation: '1',
  requestBody: { name, project: project?.id, target: 'production', gitSource: git(), meta: { run: '1' } },
}));
const id = first?.id;
await until(
  () => vercel.deployments.getDeployment({ teamId, idOrUrl: id }),
  (deployment) => deployment.readyState === 'ERROR' || deployment.aliasAssigned,
);
await call(() => vercel.deployments.getDeployments({ teamId, projectId: project?.id, target: 'production', limit: 5 }));
await call(() => vercel.deployments.getDeploymentEvents({ teamId, idOrUrl: id, builds: 1, limit: 10 }));
await call(() => vercel.aliases.listDeploymentAliases({ teamId, id }));

const text = new TextEncoder().encode('<h1>Without Git</h1>');
const sha = createHash('sha1').update(text).digest('hex');
const files = () => ({ name, target: 'production', files: [{ file: 'index.html', sha, size: text.length }] });
await call(() => vercel.deployments.createDeployment({ teamId, requestBody: files() }), 400);
await call(() => vercel.deployments.uploadFile({ teamId, xVercelDigest: sha, contentLength: text.length, requestBody: text }));
const second = await call(() => vercel.deployments.createDeployment({ teamId, requestBody: files() }));
await call(() => vercel.deployments.cancelDeployment({ teamId, id: second?.id }));
await call(() => vercel.deployments.cancelDeployment({ teamId, id: second?.id }), 400);
await call(() => vercel.deployments.deleteDeployment({ teamId, id: second?.id }));

await call(() => vercel.webhooks.deleteWebhook({ teamId, id: hook?.id }));
await call(() => vercel.webhooks.getWebhook({ teamId, id: hook?.id }), 404);

// To the person whose token it is: a call without a team is for their own account.
const offer = await call(() => vercel.projects.createProjectTransferRequest({ teamId, idOrName: name, requestBody: {} }));
await call(() => vercel.projects.acceptProjectTransferRequest({ code: offer?.code, requestBody: {} }));
await call(() => vercel.projects.acceptProjectTransferRequest({ code: offer?.code, requestBody: {} }), 404);
await call(() => vercel.projects.getProject({ teamId, idOrName: name }), 404);
await call(() => vercel.projects.deleteProject({ idOrName: name }));
await call(() => vercel.projects.getProject({ idOrName: name }), 404);

console.log(`calls ${calls}, failures ${failures}`);
