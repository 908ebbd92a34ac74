import type { components } from '../client';

/** What the API shows of a deployment, and what that means to whoever looks at it. Pure. */
export type Status = 'idle' | 'running' | 'done' | 'error';

export interface DnsRecord {
  type: string;
  name: string;
  value: string;
}

export interface Action {
  appId: string;
  actionId: string;
  status: Status;
  state: string;
  generation: number;
  attempt: number;
  seq: number;
  since?: string;
  dueAt?: string;
  outputs?: Record<string, unknown>;
  error?: { kind: string; code: string; message: string };
  instructions?: { what: string; link?: string; dnsRecords?: DnsRecord[] };
}

export interface App {
  appId: string;
  status: Status;
  actions: Action[];
}

export interface Deployment {
  id: string;
  workflow: string;
  status: Status;
  seq: number;
  createdAt: string;
  actions: { id: string; needs: string[] }[];
  apps: App[];
}

export type Attempt = components['schemas']['AttemptView'];

/** How a step stands, as a person would say it. */
export type Situation =
  | 'idle' | 'blocked' | 'queued' | 'starting' | 'running' | 'waiting' | 'you' | 'retry' | 'stopping'
  | 'done' | 'failed' | 'skipped' | 'cancelled';

const situations: Record<string, Situation> = {
  IDLE: 'idle',
  BLOCKED: 'blocked',
  QUEUED: 'queued',
  DISPATCHED: 'starting',
  ACCEPTED: 'starting',
  RUNNING: 'running',
  WAITING: 'waiting',
  RETRY_WAIT: 'retry',
  CANCELLING: 'stopping',
  SUCCEEDED: 'done',
  FAILED: 'failed',
  SKIPPED: 'skipped',
  CANCELLED: 'cancelled',
};

export function situation(action: Action): Situation {
  // Something is asked of a person: that matters more than who looks at it just now.
  return action.instructions && action.status === 'running' ? 'you' : (situations[action.state] ?? action.status as Situation);
}

/** Which of the four signs it gets. */
export function sign(of: Situation): Status | 'you' {
  switch (of) {
    case 'done':
      return 'done';
    case 'failed':
    case 'cancelled':
      return 'error';
    case 'idle':
    case 'skipped':
    case 'blocked':
      return 'idle';
    case 'you':
      return 'you';
    default:
      return 'running';
  }
}

/** Of several: running if any runs, else error if any failed, else done if all are, else idle. As the server says it. */
function together(statuses: Status[]): Status {
  return (['running', 'error', 'idle'] as Status[]).find((it) => statuses.includes(it)) ?? 'done';
}

/** The deployment after a transition; itself if it knows that already. */
export function after(view: Deployment, next: Partial<Action> & { appId?: string; actionId?: string; seq?: number }): Deployment {
  const apps = view.apps.map((app) => {
    if (app.appId !== next.appId) {
      return app;
    }
    const actions = app.actions.map((it) =>
      it.actionId === next.actionId && (next.seq ?? 0) > it.seq ? (next as Action) : it,
    );
    return { ...app, actions, status: together(actions.map((it) => it.status)) };
  });
  return { ...view, apps, seq: Math.max(view.seq, next.seq ?? 0), status: together(apps.map((it) => it.status)) };
}

/** Where the app can be visited: what its last finished step that publishes something says. */
export function address(app: App): string | undefined {
  const published = app.actions.filter((it) => it.status === 'done' && /^(deployment|domain|site)$/.test(it.actionId));
  const url = published.map((it) => it.outputs?.url).filter((it) => typeof it === 'string').pop();
  return url && /^https?:/.test(url) ? url : undefined;
}

/** Addresses among a step's outputs, and its other values that are short enough to read. */
export function shown(outputs: Record<string, unknown> | undefined): [string, string][] {
  return Object.entries(outputs ?? {})
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)] as [string, string])
    .filter(([, value]) => value !== '' && value.length <= 300);
}

/** The steps at which a person must do something now. */
export function needed(view: Deployment): Action[] {
  return view.apps.flatMap((app) => app.actions.filter((it) => situation(it) === 'you'));
}

/** The step that says best where an app stands. */
export function current(app: App): Action | undefined {
  const order: Situation[] = ['you', 'failed', 'running', 'retry', 'waiting', 'stopping', 'starting', 'queued', 'cancelled'];
  return order.map((it) => app.actions.find((action) => situation(action) === it)).find((it) => it !== undefined);
}

/** The steps at the beginning that are done and need no look while others do. */
export function folded(app: App): Action[] {
  const open = app.actions.findIndex((it) => it.status !== 'done');
  return open > 1 ? app.actions.slice(0, open) : [];
}

/** How many steps there are, and how many are done. */
export function count(apps: App[]): { all: number; done: number } {
  const actions = apps.flatMap((app) => app.actions);
  return { all: actions.length, done: actions.filter((it) => it.status === 'done').length };
}
