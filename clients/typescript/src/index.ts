export { createClient } from './client.js';
export type {
  Accepted,
  ActionView,
  Client,
  DeploymentView,
  InputOf,
  NewDeployment,
  OutputOf,
  PathFor,
  PollOptions,
  RequestOptions,
  TriggerOptions,
  WatchOptions,
} from './client.js';
export { newKey } from './send.js';
export type { Answer, Bounds, ClientOptions } from './send.js';
export { ActionError } from './problem.js';
export type { Transition } from './watch.js';
export type { components, paths } from './openapi.js';
